// The page Engine: an installed Ollama is steered, read and told about, also when it dies again and again.
import path from 'node:path';
import type { Page } from '@playwright/test';
import { isAlive } from '../support/processes.ts';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { makeStandInOllama, standInReport } from '../support/stand-in-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const ANSWER = { tokens: ['From ', 'our ', 'own ', 'child.'] };

test('started, stopped, left stopped by a check, started by a question, restarted, and quit by force', async ({
  home,
  start,
}) => {
  const folder = path.join(home, 'bin');
  const program = await makeStandInOllama(folder, { version: '0.32.5', replay: { answer: ANSWER } });
  const { window } = await start({ HEARTH_OLLAMA: program });
  const on = screen(window);
  await on.openSettings('Engine');
  const card = engineCard(window);
  // The look at the engines that begins with the window has started it.
  await expect(card.getByRole('status')).toHaveText('Ready');
  await expect(card).toContainText('Started by Hearth');
  await expect(card).toContainText(program);
  await expect(card).toContainText('0.32.5');
  const first = standInReport(folder).server;
  await expect(card).toContainText(String(first));

  await card.getByRole('button', { name: 'Stop', exact: true }).click();
  await expect(card.getByRole('status')).toHaveText('Stopped');
  await expect(card).toContainText('You stopped it.');
  expect(isAlive(first)).toBe(false);
  await openSection(window, 'Backends');
  await window.getByRole('button', { name: 'Check all' }).click();
  await expect(window.getByRole('button', { name: 'Check all' })).toBeEnabled();
  await openSection(window, 'Engine');
  await expect(card).toContainText('You stopped it.');
  expect(standInReport(folder).server).toBe(first);

  await window.keyboard.press('Escape');
  await on.ask('Who are you?');
  await expect(on.answers).toContainText('From our own child.');
  await on.openSettings('Engine');
  await expect(card.getByRole('status')).toHaveText('Ready');
  const second = standInReport(folder).server;
  await card.getByRole('button', { name: 'Restart' }).click();
  await expect(card).not.toContainText(String(second));
  await expect(card.getByRole('status')).toHaveText('Ready');
  expect(isAlive(second)).toBe(false);
  const third = standInReport(folder).server;
  expect(third).not.toBe(second);
  await expect(card).toContainText(String(third));
  await card.getByRole('button', { name: 'More actions' }).click();
  await window.getByRole('menuitem', { name: 'Force quit' }).click();
  await expect(card.getByRole('status')).toHaveText('Stopped');
  expect(isAlive(third)).toBe(false);
});

test('force quit ends at once what ignores every request to end, and a setting waits for a restart', async ({
  home,
  start,
}) => {
  const folder = path.join(home, 'bin');
  const program = await makeStandInOllama(folder, { runner: 'start', ignoresSigterm: true });
  const { window } = await start({ HEARTH_OLLAMA: program });
  await screen(window).openSettings('Engine');
  const card = engineCard(window);
  await expect(card.getByRole('status')).toHaveText('Ready');
  await window.getByRole('combobox', { name: 'Context length' }).selectOption({ label: '8k tokens' });
  await expect(window.getByText('Ollama uses the new settings after a restart.')).toBeVisible();

  const { server, runner } = standInReport(folder);
  await card.getByRole('button', { name: 'More actions' }).click();
  await window.getByRole('menuitem', { name: 'Force quit' }).click();
  await expect(card.getByRole('status')).toHaveText('Stopped');
  expect([server, runner ?? 0].filter(isAlive)).toEqual([]);
  await expect(window.getByText('Ollama uses the new settings after a restart.')).toHaveCount(0);
  await card.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(card.getByRole('status')).toHaveText('Ready');
  expect(standInReport(folder).env).toMatchObject({ OLLAMA_CONTEXT_LENGTH: '8192', OLLAMA_NO_CLOUD: '1' });
  await card.getByRole('button', { name: 'More actions' }).click();
  await window.getByRole('menuitem', { name: 'Force quit' }).click();
  await expect(card.getByRole('status')).toHaveText('Stopped');
});

test('its log is read, searched, copied, and followed as lines come', async ({ home, start }) => {
  const folder = path.join(home, 'bin');
  const program = await makeStandInOllama(folder, { extraLogLines: 300 });
  const { app, window } = await start({ HEARTH_OLLAMA: program });
  await screen(window).openSettings('Engine');
  const card = engineCard(window);
  const log = window.getByRole('log', { name: 'Log' });
  await expect(log).toContainText('number=300');

  await window.getByRole('combobox', { name: 'How much of the log' }).selectOption({ label: 'Last 1,000' });
  await window.getByRole('searchbox', { name: 'Find in the log' }).fill('number=299');
  await expect(window.getByText(/^1 of \d+ lines$/).first()).toBeVisible();
  await expect(log.getByText('number=299')).toBeVisible();
  await expect(log.getByText('number=300')).toHaveCount(0);
  await window.getByRole('searchbox', { name: 'Find in the log' }).fill('');
  await window.getByRole('button', { name: 'Copy all' }).click();
  await expect(window.getByText(/lines copied$/)).toBeVisible();
  const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain('number=1\n');
  expect(copied.trimEnd()).toMatch(/number=300$/);

  // Another life writes into the same log: its lines come without being asked for.
  await makeStandInOllama(folder, { extraLogLines: 301 });
  await card.getByRole('button', { name: 'Restart' }).click();
  await expect(log).toContainText('number=301');
});

test('one that dies is started again and told of; one that keeps dying is given up, until the cause is gone', async ({
  home,
  start,
}) => {
  const folder = path.join(home, 'bin');
  const program = await makeStandInOllama(folder, { replay: { answer: ANSWER } });
  const { window } = await start({ HEARTH_OLLAMA: program });
  const on = screen(window);
  await on.openSettings('Engine');
  const card = engineCard(window);
  await expect(card.getByRole('status')).toHaveText('Ready');

  const first = standInReport(folder).server;
  process.kill(first, 'SIGKILL');
  await expect(card.getByRole('status')).toHaveText('Starting again, attempt 1 of 5');
  await expect(card).toContainText('Ollama ended by itself');
  await expect(card.getByRole('status')).toHaveText('Ready');
  expect(standInReport(folder).server).not.toBe(first);

  await makeStandInOllama(folder, { exit: { status: 1, output: 'Error: no room for the model\n' } });
  process.kill(standInReport(folder).server, 'SIGKILL');
  await expect(card.getByRole('status')).toHaveText(/Starting again, attempt [345] of 5/, { timeout: 20_000 });
  await expect(card.getByRole('status')).toHaveText('Does not run', { timeout: 30_000 });
  await expect(card).toContainText('Ollama ended 5 times');
  await expect(card).toContainText('Its last words: no room for the model');
  await card.getByText('What it said last').click();
  await expect(card.getByText('Error: no room for the model')).toBeVisible();

  await makeStandInOllama(folder, { replay: { answer: ANSWER } });
  await card.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(card.getByRole('status')).toHaveText('Ready');
  await window.keyboard.press('Escape');
  await on.ask('Who are you?');
  await expect(on.answers).toContainText('From our own child.');
});

test('one that Hearth did not start has no buttons, and it says why', async ({ start }) => {
  const ollama = await startReplayOllama({ version: '0.30.1' });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  await screen(window).openSettings('Engine');
  const card = engineCard(window);
  await expect(card.getByRole('status')).toHaveText('Ready');
  await expect(card).toContainText('Runs by itself');
  await expect(card).toContainText('Hearth did not start this Ollama, so it leaves it alone.');
  await expect(card.getByRole('button')).toHaveCount(0);
  await ollama.close();
});

const engineCard = (window: Page) => window.getByRole('region', { name: 'State of the engine' });

async function openSection(window: Page, section: string): Promise<void> {
  await window.getByRole('navigation', { name: 'Settings' }).getByRole('button', { name: section }).click();
  await window.getByRole('heading', { name: section, level: 1 }).waitFor();
}
