// MLX where there is no Apple Silicon: said in its row and with the answer, and nothing is started although it is installed.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { row } from './support/backends-page.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const WHY = 'MLX needs a Mac with Apple Silicon';

test('MLX says why it can’t be used, also when it was chosen, and its program is left alone', async ({
  home,
  start,
}) => {
  test.skip(process.platform === 'darwin' && process.arch === 'arm64', 'MLX runs here');
  const bin = path.join(home, 'bin');
  const trace = path.join(home, 'mlx-was-started');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'mlx_lm.server'), `#!/bin/sh\ntouch '${trace}'\n`, { mode: 0o755 });
  const ollama = await startReplayOllama({ answer: { tokens: ['From ', 'Ollama.'] } });
  const { window } = await start({
    OLLAMA_HOST: `${ollama.host}:${ollama.port}`,
    PATH: [bin, process.env.PATH].join(path.delimiter),
  });
  const on = screen(window);
  await on.openSettings('Backends');
  await expect(row(window, 'MLX')).toContainText(WHY);
  await expect(row(window, 'MLX')).toContainText('Not available');
  // Chosen all the same, for example by settings that came from another computer.
  await window.getByRole('combobox', { name: 'Chat: Backend' }).selectOption('MLX');
  await window.keyboard.press('Escape');
  await on.ask('Who are you?');
  await expect(on.answers).toContainText('From Ollama.');
  await expect(on.answers).toContainText('MLX can’t be used');
  await on.answers.getByRole('button', { name: /Details of this answer$/ }).click();
  await expect(window.getByRole('dialog', { name: 'About this answer' })).toContainText(WHY);
  expect(existsSync(trace)).toBe(false);
  await ollama.close();
});
