// The card of an answer that did not come: each of its buttons leads to a real answer.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { Settings } from '../../src/contract/settings.ts';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { makeStandInOllama } from '../support/stand-in-ollama/index.ts';
import { startScriptedOpenAi } from '../support/scripted-openai.ts';
import { NO_OLLAMA } from './support/environment.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const BUSY = { kind: 'busy', times: 1 } as const;
const TOO_BIG = {
  kind: 'status',
  status: 500,
  body: '{"error":"model requires more system memory (5.6 GiB) than is available (2.3 GiB)"}',
  times: 1,
} as const;
const model = (name: string, sizeBytes: number) => ({
  name,
  sizeBytes,
  family: 'llama',
  parameters: '1B',
  quantization: 'Q4_K_M',
});

const isUnloading = (body: unknown) =>
  typeof body === 'object' && body !== null && 'keep_alive' in body && body.keep_alive === 0;

/** The card of the last answer, and its buttons from left to right. */
function cardIn(window: Page) {
  const card = screen(window).answers.last().locator('.fault');
  return {
    card,
    buttons: card.locator('.acts').getByRole('button'),
    button: (name: string) => card.getByRole('button', { name }),
  };
}

test('an Ollama that fails: a smaller model, room in memory, again, another backend, another chat', async ({
  home,
  start,
}) => {
  const ollama = await startReplayOllama({
    models: [model('big:7b', 4e9), model('little:1b', 1e6)],
    loaded: ['little:1b'],
    answer: { tokens: ['From ', 'Ollama.'] },
    onRequest: ({ body }) => {
      // The real one tells an unloaded model as gone.
      if (isUnloading(body)) ollama.set({ loaded: [] });
    },
  });
  const studio = await startScriptedOpenAi({ answer: { pieces: ['From ', 'the ', 'studio.'] } });
  const added = [{ id: 'studio', name: 'Studio', url: studio.url }];
  const settings = { onboarding: { isDone: true }, model: 'big:7b', backends: { added } };
  writeFileSync(path.join(home, 'settings.json'), JSON.stringify(settings));
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  const { card, buttons, button } = cardIn(window);
  const asked = () =>
    ollama
      .requestsTo('/api/chat')
      .map(({ body }) => `${isUnloading(body) ? 'unload ' : ''}${(body as { model: string }).model}`);

  await test.step('a smaller model that is installed and fits, which the chat keeps', async () => {
    ollama.set({ fault: TOO_BIG });
    await on.ask('One?');
    await expect(card).toContainText('Too little memory for big 7B');
    await expect(card).toContainText('requires more system memory');
    await button('Use little 1B').click();
    await expect(on.answers).toContainText('From Ollama.');
    await expect(window.getByRole('button', { name: /^Model: little 1B/ })).toBeVisible();
    expect(asked()).toEqual(['big:7b', 'little:1b']);
  });

  await test.step('room: what else is in memory is unloaded first', async () => {
    ollama.set({ fault: TOO_BIG });
    await on.newChat.click();
    await on.ask('Two?');
    await button('Unload little 1B and ask again').click();
    await expect(on.answers).toContainText('From Ollama.');
    expect(asked().slice(2)).toEqual(['big:7b', 'unload little:1b', 'big:7b']);
  });

  await test.step('asked again in vain it says so, and offers something else first; by keyboard', async () => {
    ollama.set({ fault: { ...BUSY, times: 2 } });
    await on.newChat.click();
    await on.ask('Three?');
    await expect(buttons).toHaveText(['Ask again', 'Ask Studio']);
    await buttons.first().click();
    await expect(card).toContainText(/Asked again at .+\. The same happened\./);
    await expect(buttons).toHaveText(['Ask Studio', 'Ask again']);
    await buttons.first().focus();
    await window.keyboard.press('Tab');
    await window.keyboard.press('Shift+Tab');
    await window.keyboard.press('Enter');
    await expect(on.answers.last()).toContainText('From the studio.');
    // For this answer alone.
    await on.ask('And now?');
    await expect(on.answers.last()).toContainText('From Ollama.');
  });

  await test.step('a request that is refused goes into a new chat, or comes back to be changed', async () => {
    const refused = { kind: 'status', status: 400, body: '{"error":"this is not for me"}' } as const;
    ollama.set({ fault: { ...refused, times: 2 } });
    await on.ask('Four?');
    await expect(card).toContainText('this is not for me');
    await button('Ask in a new chat').click();
    await expect(on.composer).toHaveValue('Four?');
    await on.composer.press('Enter');
    await expect(card).toContainText('this is not for me');
    await button('Change the question').click();
    await expect(on.composer).toHaveValue('Four?');
    await on.ask('Five?');
    await expect(on.answers.last()).toContainText('From Ollama.');
  });
  await studio.close();
  await ollama.close();
});

test('a server that fails: its key, more time, its switch', async ({ home, start }) => {
  const KEY = 'sk-for-this-test-4711';
  const studio = await startScriptedOpenAi({ key: KEY, answer: { pieces: ['From ', 'the ', 'studio.'] } });
  const added = [{ id: 'studio', name: 'Studio', url: studio.url }];
  const settings = {
    onboarding: { isDone: true },
    backend: 'studio',
    ifFails: 'stop',
    timeouts: { firstTokenMs: 1_000 },
    backends: { added },
  };
  const file = path.join(home, 'settings.json');
  writeFileSync(file, JSON.stringify(settings));
  const { window } = await start(NO_OLLAMA);
  const on = screen(window);
  const { card, button } = cardIn(window);

  await test.step('its page opens at the key; with one the card says that it is ready', async () => {
    await on.ask('One?');
    await expect(card).toContainText('A key is needed');
    await button('Enter a key').click();
    const key = window.getByRole('dialog').getByLabel('Key', { exact: true });
    await expect(key).toBeFocused();
    await key.fill(KEY);
    await window.keyboard.press('Enter');
    await expect(window.getByRole('dialog')).toHaveCount(0);
    await window.keyboard.press('Escape');
    await expect(card).toContainText('Studio is ready.');
    await button('Ask again').click();
    await expect(on.answers).toContainText('From the studio.');
  });

  await test.step('more time is kept for that server', async () => {
    studio.set({ holdAt: 'headers' });
    await on.ask('Two?');
    await expect(card).toContainText('Studio took too long', { timeout: 20_000 });
    studio.set({ holdAt: null });
    await card.getByRole('button', { name: /^Allow / }).click();
    await expect(on.answers.last()).toContainText('From the studio.');
    const { backends } = Settings.parse(JSON.parse(readFileSync(file, 'utf8')));
    expect(backends.limits.studio?.firstTokenMs).toBeGreaterThanOrEqual(2_000);
  });

  await test.step('switched off, it is switched on', async () => {
    await on.openSettings('Backends');
    const toggle = window.getByRole('listitem').filter({ hasText: 'Studio' }).getByRole('switch');
    await toggle.click();
    await expect(toggle).not.toBeChecked();
    await window.keyboard.press('Escape');
    await on.ask('Three?');
    await button('Switch Studio on').click();
    await expect(on.answers.last()).toContainText('From the studio.');
  });
  await studio.close();
});

test('an Ollama that nobody has started: started from the card, by keyboard', async ({ home, start }) => {
  const program = await makeStandInOllama(path.join(home, 'bin'), {
    replay: { answer: { tokens: ['From ', 'Ollama.'] } },
  });
  const settings = { onboarding: { isDone: true }, ollama: { startWhenNeeded: false }, ifNothingAnswers: 'say' };
  writeFileSync(path.join(home, 'settings.json'), JSON.stringify(settings));
  const { window } = await start({ HEARTH_OLLAMA: program });
  const on = screen(window);
  const { card, button } = cardIn(window);
  await on.ask('Who are you?');
  await button('Start Ollama').press('Enter');
  await expect(card.getByRole('status')).toContainText(/Ollama (runs|is ready)\./);
  await expect(button('Ask again')).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(on.answers).toContainText('From Ollama.');
});
