// Hearth talks to nobody but the engine: a whole session, with the ways out of the computer watched.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { startScriptedOpenAi } from '../support/scripted-openai.ts';
import { addBackend } from './support/backends-page.ts';
import { FAR_AWAY, farAway } from './support/far-away.ts';
import { expect, root, test } from './support/hearth.ts';
import { sentByChromium, watchNetwork } from './support/network-watch.ts';
import { screen } from './support/screen.ts';

test('a whole session reaches this computer only', async ({ home, start }) => {
  const ollama = await startReplayOllama({
    answer: { tokens: ['See ', '[this](https://example.org/) ', '![that](https://example.org/a.png) ', 'end.'] },
  });
  mkdirSync(path.join(home, 'models'), { recursive: true });
  cpSync(path.join(root, 'tests/fixtures/tiny.gguf'), path.join(home, 'models/tiny.gguf'));
  const network = await watchNetwork(home);
  const netLog = path.join(home, 'net-log.json');
  const hearth = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}`, ...network.env }, [
    ...network.switches,
    `--log-net-log=${netLog}`,
  ]);
  const { window } = hearth;
  const on = screen(window);
  await on.ask('Where do you look?');
  await expect(on.answers).toContainText('end.');
  await expect(on.send).toBeVisible();
  await on.openSettings('Backends');
  await window.getByRole('button', { name: 'Check all' }).click();
  await window.getByRole('combobox', { name: 'Chat: Backend' }).selectOption('llamacpp');
  await expect(window.getByText(/^Next question: Built-in engine/)).toBeVisible();
  await window.keyboard.press('Escape');
  await on.newChat.click();
  await on.ask('And you?');
  await expect(on.answers).toContainText(/tokens\/s/, { timeout: 45_000 });
  await hearth.quit();

  expect(network.seen()).toContain(`connect ${ollama.host}`);
  expect(network.left()).toEqual([]);
  expect(sentByChromium(netLog)).toEqual([]);
  network.close();
  await ollama.close();
});

test('a backend on the internet gets no question unless it was chosen, whatever fails', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['From ', 'Ollama.'] } });
  const far = await startScriptedOpenAi({ answer: { pieces: ['From ', 'far ', 'away.'] } });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` }, farAway);
  const on = screen(window);
  await on.openSettings('Backends');
  const added = await addBackend(window, `http://${FAR_AWAY}:${far.port}/v1`);
  await expect(added).toContainText('only when chosen');
  await expect(added).toContainText('Ready');
  await expect(window.getByText('added. It is asked only when you choose it.')).toBeVisible();
  await window.keyboard.press('Escape');
  await on.ask('Do you work?');
  await expect(on.answers).toContainText('From Ollama.');
  ollama.set({ fault: { kind: 'cut', afterRecords: 0 } });
  await on.ask('Do you break?');
  await expect(on.answers.last()).toContainText('closed the connection without an answer');
  await expect(on.send).toBeVisible();
  await ollama.close();
  await on.ask('Are you gone?');
  await expect(on.answers).toHaveCount(3);
  await expect(on.answers.last()).toContainText('No Ollama answers at');
  await expect(on.send).toBeVisible();
  // It was looked at when it was added, and heard nothing else.
  expect(far.requests.map(({ method, body }) => ({ method, body }))).toContainEqual({ method: 'GET', body: null });
  expect(far.requests.filter(({ method, body }) => method !== 'GET' || body !== null)).toEqual([]);

  await window.getByRole('button', { name: /^Model:/ }).click();
  await window.getByRole('menuitem', { name: new RegExp(`^${FAR_AWAY}`) }).click();
  await window.getByRole('menu').last().getByRole('menuitemradio').first().click();
  await on.ask('Are you there?');
  await expect(on.answers.last()).toContainText('From far away.');
  await expect(on.answers.last()).toContainText(`via ${FAR_AWAY}`);
  expect(far.chats()).toHaveLength(1);
  await far.close();
});
