// Hearth talks to nobody but the engine: a whole session, with the ways out of the computer watched.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
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
