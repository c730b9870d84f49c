// A backend that dies, hangs or is switched off while the window is open: who answers instead, what is said of it, how it comes back.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { choose, row } from './support/backends-page.ts';
import { halfMinutes, passHalfMinute } from './support/half-minutes.ts';
import { expect, root, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const FROM_OLLAMA = { tokens: ['From ', 'Ollama.'] };

test('an Ollama that is killed is told on the answer and in its row; started again, it is back by itself', async ({
  home,
  start,
}) => {
  mkdirSync(path.join(home, 'models'));
  cpSync(path.join(root, 'tests/fixtures/tiny.gguf'), path.join(home, 'models/tiny.gguf'));
  const ollama = await startReplayOllama({ answer: FROM_OLLAMA });
  const address = `${ollama.host}:${ollama.port}`;
  const { app, window } = await start({ OLLAMA_HOST: address }, halfMinutes);
  const on = screen(window);
  await on.ask('Who are you?');
  await expect(on.answers).toContainText('From Ollama.');
  await expect(on.answers).not.toContainText('via');

  await ollama.close();
  await on.ask('And now?');
  const standIn = on.answers.last();
  await expect(standIn).toContainText('via built-in engine', { timeout: 30_000 });
  await expect(standIn).toContainText(`No Ollama answers at ${address}`);
  await expect(on.send).toBeVisible({ timeout: 30_000 });
  await on.openSettings('Backends');
  const engine = row(window, 'Ollama');
  await expect(engine).toContainText(`No Ollama answers at ${address}`);
  await expect(engine).not.toContainText('Ready');
  await expect(window.getByText(/^Next question: Built-in engine/)).toBeVisible();

  const again = await startReplayOllama({ port: ollama.port, answer: FROM_OLLAMA });
  await passHalfMinute(app);
  await expect(engine).toContainText('Ready');
  await expect(window.getByText(/^Next question: Ollama .*ready/)).toBeVisible();
  await window.keyboard.press('Escape');
  await on.ask('And again?');
  await expect(on.answers.last()).toContainText('From Ollama.');
  await expect(on.answers.last()).not.toContainText('via');
  await again.close();
});

test('an Ollama that hangs costs its limit once, rests while others answer, and is asked again after a check', async ({
  start,
}) => {
  const hung = { holdAfterRecords: 0, fault: { kind: 'no-headers' as const, path: '/api/ps' } };
  const ollama = await startReplayOllama({ answer: FROM_OLLAMA, ...hung });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await on.openSettings('Backends');
  const engine = row(window, 'Ollama');
  await window.getByRole('radio', { name: 'Show a demo reply' }).click();
  await choose(window, engine, 'Limits…');
  const limits = window.getByRole('dialog', { name: 'Edit Ollama' });
  await limits.getByRole('textbox', { name: 'First word' }).fill('1');
  await window.keyboard.press('Enter');
  await expect(limits).toHaveCount(0);
  await window.keyboard.press('Escape');

  await on.ask('Do you hang?');
  // Written while the limit runs, sent as soon as it is over: the rest is short.
  await on.composer.fill('Still?');
  await expect(on.answers.getByText('Demo reply: Ollama did not start an answer within 1 s')).toBeVisible();
  await expect(on.send).toBeVisible();
  await on.composer.press('Enter');
  await expect(on.answers).toHaveCount(2);
  await expect(on.answers.last()).toContainText('Demo reply: Ollama did not start an answer within 1 s');
  await on.answers
    .last()
    .getByRole('button', { name: /Details of this answer$/ })
    .click();
  await expect(window.getByRole('dialog', { name: 'About this answer' })).toContainText(
    /Ollama failed a moment ago and is asked again in \d s/,
  );
  await window.keyboard.press('Escape');
  expect(ollama.requestsTo('/api/chat')).toHaveLength(1);

  ollama.set({ fault: null, holdAfterRecords: null });
  await on.composer.click();
  await on.openSettings('Backends');
  await window.getByRole('button', { name: 'Check all' }).click();
  await expect(engine).toContainText('Ready');
  await window.keyboard.press('Escape');
  await on.ask('And now?');
  await expect(on.answers.last()).toContainText('From Ollama.');
  await ollama.close();
});

test('switched off in the middle of its answer, it finishes that one; the next go elsewhere until it is on again', async ({
  start,
}) => {
  const ollama = await startReplayOllama({ answer: FROM_OLLAMA, holdAfterRecords: 1 });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await on.ask('Are you on?');
  await expect(on.answers).toContainText('From');
  await on.openSettings('Backends');
  const engine = row(window, 'Ollama');
  await engine.getByRole('switch').click();
  await expect(engine).toContainText('Off');
  await window.keyboard.press('Escape');
  ollama.release();
  await expect(on.answers).toContainText('From Ollama.');

  await on.ask('And now?');
  // An engine has answered here: no sample text.
  await expect(on.answers.last()).toContainText('The built-in engine has no model yet.');
  await expect(on.answers.last()).not.toContainText('Demo reply');
  await expect(on.send).toBeVisible();
  expect(ollama.requestsTo('/api/chat')).toHaveLength(1);

  ollama.set({ holdAfterRecords: null });
  await on.openSettings('Backends');
  await engine.getByRole('switch').click();
  await expect(engine).toContainText('Ready');
  await window.keyboard.press('Escape');
  await on.ask('And again?');
  await expect(on.answers.last()).toContainText('From Ollama.');
  await ollama.close();
});
