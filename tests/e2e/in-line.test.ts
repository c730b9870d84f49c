// Enter during an answer puts the message in line: by mouse and by keyboard, over a reload, a second window, Stop and kill -9.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';
import type { Page } from '@playwright/test';

const WORDS = Array.from({ length: 20 }, (_, index) => `w${index} `);

/** The line above the composer. */
function lineOf(window: Page) {
  const region = window.getByRole('region', { name: 'In line' });
  return {
    region,
    rows: region.getByRole('listitem'),
    field: window.getByRole('textbox', { name: 'Text in line' }),
    sendNow: region.getByRole('button', { name: 'Send now' }),
  };
}

test('by mouse and by keyboard: two in order, changed, taken out, over a reload and in two windows', async ({
  start,
}) => {
  const ollama = await startReplayOllama({ answer: { tokens: WORDS }, holdAfterRecords: 5 });
  const { app, window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  const line = lineOf(window);
  await on.ask('One');
  await expect(on.answers).toContainText('w3');

  await on.ask('Two');
  await on.composer.fill('Three');
  await window.getByRole('button', { name: 'Put in line' }).click();
  await on.ask('Four');
  await expect(line.rows).toHaveText(['NextTwo', 'ThenThree', 'ThenFour']);
  await expect(on.stop).toBeVisible();

  // By keys: the last one, then the first one by the mouse.
  await on.composer.press('ArrowUp');
  await line.field.fill('Four, better');
  await line.field.press('Enter');
  await expect(on.composer).toBeFocused();
  await line.rows.first().getByRole('button', { name: 'Two' }).click();
  await line.field.fill('Two, better');
  await on.composer.click();
  await line.rows.nth(1).getByRole('button', { name: 'Take out of the line' }).click();
  await expect(line.rows).toHaveText(['NextTwo, better', 'ThenFour, better']);
  await on.composer.press('ControlOrMeta+z');
  await expect(line.rows).toHaveText(['NextTwo, better', 'ThenThree', 'ThenFour, better']);

  await window.reload();
  await on.chat(/One/).click();
  await expect(line.rows).toHaveText(['NextTwo, better', 'ThenThree', 'ThenFour, better']);
  const opened = app.waitForEvent('window');
  await app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
    items.find((item) => item.label === 'New window')?.click();
  });
  const second = await opened;
  await screen(second).chat(/One/).click();
  const beside = lineOf(second);
  await expect(beside.rows).toHaveCount(3);
  // What one window changes is not asked, and the other sees it change.
  await beside.rows.first().getByRole('button', { name: 'Two, better' }).click();
  await expect(beside.field).toBeFocused();
  ollama.set({ holdAfterRecords: null });
  await on.stop.click();
  await expect(line.region).toContainText('Waits while it is being changed.');
  expect(ollama.requestsTo('/api/chat')).toHaveLength(1);
  await beside.field.fill('Two, best');
  await beside.field.press('Enter');
  // After the stop they follow each other.
  await expect(on.questions).toHaveText(['One', 'Two, best', 'Three', 'Four, better']);
  await expect(on.answers.last()).toContainText('w19');
  await expect(line.region).toBeHidden();
  await expect(beside.region).toBeHidden();
  expect(ollama.requestsTo('/api/chat')).toHaveLength(4);
  await ollama.close();
});

test('kill -9 keeps the line; it waits after the start and is sent once', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: WORDS }, holdAfterRecords: 5 });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = await start(env);
  const before = screen(first.window);
  await before.ask('One');
  await expect(before.answers).toContainText('w3');
  await before.ask('Two');
  await before.ask('Three');
  await expect(lineOf(first.window).rows).toHaveText(['NextTwo', 'ThenThree']);
  await first.kill();

  const { window } = await start(env);
  const on = screen(window);
  const line = lineOf(window);
  await on.chat(/One/).click();
  await expect(line.rows).toHaveText(['NextTwo', 'ThenThree']);
  await expect(line.region).toContainText('Hearth was closed');
  expect(ollama.requestsTo('/api/chat')).toHaveLength(1);
  ollama.set({ holdAfterRecords: null });
  await line.sendNow.click();
  await expect(on.questions).toHaveText(['One', 'Two', 'Three']);
  await expect(on.answers.last()).toContainText('w19');
  expect(ollama.requestsTo('/api/chat')).toHaveLength(3);

  // An answer that does not come holds what is behind it.
  ollama.set({ holdAfterRecords: 5 });
  await on.ask('Four');
  await expect(on.stop).toBeVisible();
  await on.ask('Five');
  await expect(line.rows).toHaveText(['NextFive']);
  await ollama.close();
  await expect(line.region).toContainText('The answer before did not come');
  await expect(line.rows).toHaveText(['NextFive']);
});
