// The first start: what a person without an engine or without a model meets, and how they get to their first answer.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { hasOwnOllama, NO_OLLAMA } from './support/environment.ts';
import { expect, test } from './support/hearth.ts';
import { watchNetwork } from './support/network-watch.ts';
import { screen } from './support/screen.ts';

test.use({ isSetUp: false });

const title = (window: Page, name: string) => window.getByRole('heading', { name, level: 1 });
const settingsOf = (home: string) =>
  JSON.parse(readFileSync(path.join(home, 'settings.json'), 'utf8')) as { onboarding?: { isDone?: boolean } };

test('without any Ollama it appears, sends nothing, can be skipped, and does not come back', async ({
  home,
  start,
}) => {
  test.skip(await hasOwnOllama(), 'an Ollama runs on this computer');
  const network = await watchNetwork(home);
  const first = await start({ ...NO_OLLAMA, ...network.env }, network.switches);
  await expect(title(first.window, 'Choose an engine')).toBeFocused();
  await expect(first.window.getByRole('radio', { name: /Use my Ollama/ })).toBeDisabled();
  await expect(first.window.getByText('No account. Nothing has left this computer.')).toBeVisible();
  await first.window.getByRole('button', { name: 'Check again' }).click();
  await first.window.getByRole('button', { name: 'Skip for now' }).click();
  await expect(screen(first.window).composer).toBeFocused();
  // Nothing was chosen before, so there may be no file yet.
  await expect(() => expect(settingsOf(home).onboarding?.isDone).toBe(true)).toPass();
  await first.quit();
  expect(network.left()).toEqual([]);
  network.close();

  const second = await start(NO_OLLAMA);
  await expect(screen(second.window).composer).toBeFocused();
  await expect(second.window.getByText(/No model can answer yet/)).toBeVisible();
  await expect(title(second.window, 'Choose an engine')).toHaveCount(0);
  await second.window.getByRole('button', { name: 'Set up an engine' }).click();
  await expect(title(second.window, 'Choose an engine')).toBeFocused();
});

test('an Ollama without models: found, a model is downloaded, and the first question is asked', async ({ start }) => {
  const layers = [{ digest: `sha256:${'a'.repeat(64)}`, bytes: 2_000_000 }];
  const ollama = await startReplayOllama({
    models: [],
    version: '0.32.5',
    answer: { tokens: ['It ', 'only ', 'looks ', 'bigger.'] },
    pull: { layers, bytesPerRecord: 100_000, stopAtBytes: 1_000_000 },
  });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  await expect(title(window, 'Choose an engine')).toBeFocused();
  await expect(window.getByRole('radio', { name: /Use my Ollama Found/ })).toBeChecked();
  await expect(window.getByText('Version 0.32.5, no models yet. Hearth will not change its settings.')).toBeVisible();
  await window.keyboard.press('Enter');
  await expect(title(window, 'Pick a model')).toBeFocused();
  await expect(window.getByRole('radio').first()).toBeVisible();
  expect(ollama.requestsTo('/api/pull')).toEqual([]);
  await window.getByRole('radio', { disabled: false }).first().click();
  const name = await window.getByRole('radio', { checked: true }).locator('b').innerText();
  await window.getByRole('button', { name: /^Download/ }).click();

  await expect(title(window, 'The model is on its way')).toBeFocused();
  await expect(window.getByText(/1 of 2\sMB/)).toBeVisible();
  ollama.set({ pull: { layers, bytesPerRecord: 100_000 } });
  await expect(title(window, 'Hearth is ready')).toBeFocused({ timeout: 30_000 });
  const [pull] = ollama.requestsTo('/api/pull').map(({ body }) => body as { model: string });
  expect(name.toLowerCase()).toContain(pull?.model.split(':')[0]);

  await window.getByRole('button', { name: /Why does the Moon look bigger/ }).click();
  const on = screen(window);
  await expect(on.questions).toContainText('Why does the Moon look bigger');
  await expect(on.answers).toContainText('It only looks bigger.');
  await expect(on.answers.getByText(/Demo reply/)).toHaveCount(0);
  await ollama.close();
});

test('a download that was under way is found again at the next start', async ({ start }) => {
  const layers = [{ digest: `sha256:${'b'.repeat(64)}`, bytes: 2_000_000 }];
  const stuck = { layers, bytesPerRecord: 100_000, stopAtBytes: 1_000_000 };
  const ollama = await startReplayOllama({ models: [], pull: stuck });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = await start(env);
  await first.window.getByRole('button', { name: 'Continue' }).click();
  await first.window.getByRole('button', { name: /^Download/ }).click();
  await expect(title(first.window, 'The model is on its way')).toBeFocused();
  await first.quit();

  const second = await start(env);
  await expect(title(second.window, 'The model is on its way')).toBeFocused();
  ollama.set({ pull: { layers, bytesPerRecord: 100_000 } });
  await expect(title(second.window, 'Hearth is ready')).toBeVisible({ timeout: 30_000 });
  await ollama.close();
});

test('somebody whose Ollama has a model goes straight to the chat', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['Here.'] } });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await expect(window.getByRole('button', { name: /^Model: .*, Ollama/ })).toBeVisible();
  await on.ask('Hello');
  await expect(on.answers).toContainText('Here.');
  await expect(title(window, 'Choose an engine')).toHaveCount(0);
  await ollama.close();
});
