// Settings, Backends, used as a person would: a server is added by its address, given its key, ordered, switched and removed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { startScriptedOpenAi } from '../support/scripted-openai.ts';
import { row } from './support/backends-page.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('a server is added by its address, answers from the next question on, and says so', async ({ start, home }) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['From ', 'Ollama.'] } });
  const studio = await startScriptedOpenAi({ key: 'sk-studio', answer: { pieces: ['From ', 'the ', 'studio.'] } });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await on.openSettings('Backends');
  await expect(window.getByText(/^Next question: Ollama .*on this computer: ready/)).toBeVisible();

  const host = new URL(studio.url).host;
  await window.getByRole('textbox', { name: 'Address of a backend' }).fill(host);
  await expect(window.getByText('Asks for a key')).toBeVisible();
  await window.getByLabel('Key', { exact: true }).fill('sk-studio');
  await expect(window.getByText('Answers, 1 model, key accepted')).toBeVisible();
  await window.getByRole('button', { name: 'Add', exact: true }).click();
  const added = row(window, host);
  await expect(added).toBeFocused();
  await expect(added).toContainText('Ready');
  // What stays on this computer may stand in.
  await expect(added).not.toContainText('only when chosen');

  // Up to the first place, by keys.
  await added.focus();
  for (let step = 0; step < 4; step += 1) await window.keyboard.press('Alt+ArrowUp');
  await expect(added).toContainText(/^1/);
  await expect(added).toBeFocused();
  await expect(window.getByText(/^Next question: .*127\.0\.0\.1.*ready, 1 model/)).toBeVisible();
  await window.keyboard.press('Escape');
  await on.ask('Where are you?');
  await expect(on.answers.last()).toContainText('From the studio.');

  await on.openSettings('Backends');
  await added.getByRole('switch').click();
  await expect(added).toContainText('Off');
  await window.keyboard.press('Escape');
  await on.ask('And now?');
  await expect(on.answers.last()).toContainText('From Ollama.');

  await on.openSettings('Backends');
  await added.getByRole('button', { name: /^More about/ }).click();
  await window.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(added).toHaveCount(0);
  await window.getByRole('button', { name: /^Undo/ }).click();
  await expect(added).toBeVisible();
  await added.getByRole('switch').click();
  await expect(added).toContainText('Ready');
  expect(readFileSync(path.join(home, 'settings.json'), 'utf8')).not.toContain('sk-studio');
  await studio.close();
  await ollama.close();
});

test('a key that is refused is updated from its row', async ({ start }) => {
  const studio = await startScriptedOpenAi({ key: 'sk-old' });
  const { window } = await start();
  const on = screen(window);
  await on.openSettings('Backends');
  await window.getByRole('textbox', { name: 'Address of a backend' }).fill(studio.url);
  await expect(window.getByText('Asks for a key')).toBeVisible();
  await window.getByLabel('Key', { exact: true }).fill('sk-old');
  await expect(window.getByText('Answers, 1 model, key accepted')).toBeVisible();
  await window.keyboard.press('Enter');
  const added = row(window, new URL(studio.url).host);
  await expect(added).toContainText('Ready');

  studio.set({ key: 'sk-new' });
  await window.getByRole('button', { name: 'Check all' }).click();
  await expect(added).toContainText('Key refused (401)');
  await added.getByRole('button', { name: /^Update key/ }).click();
  const key = window.getByRole('dialog').getByLabel('Key', { exact: true });
  await expect(key).toBeFocused();
  await expect(key).toHaveValue('');
  await key.fill('sk-new');
  await window.keyboard.press('Enter');
  await expect(added).toContainText('Ready');
  await studio.close();
});
