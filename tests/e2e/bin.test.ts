// Several deletions and their undos, and the bin: looked into, restored, deleted for good, seen by two windows, after kill -9.
import type { Page } from '@playwright/test';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const NAMES = ['Alpha', 'Bravo', 'Charlie', 'Delta'];

test('three deletions and three undos, and what the bin does with the rest', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['It ', 'is ', 'kept.'] } });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = await start(env);
  const { app, window } = first;
  let on = screen(window);
  for (const name of NAMES) {
    await on.ask(name);
    await expect(on.answers).toContainText('It is kept.');
    await window.keyboard.press('ControlOrMeta+n');
    await expect(on.answers).toHaveCount(0);
  }

  // By keys alone.
  const toast = (text: string) => window.getByRole('status').getByText(text, { exact: true });
  await on.chat('Charlie').focus();
  for (const next of ['Bravo', 'Alpha', 'Delta']) {
    await window.keyboard.press('Delete');
    await expect(on.chat(next)).toBeFocused();
  }
  await expect(toast('3 chats deleted')).toBeVisible();
  for (const back of ['Alpha', 'Bravo', 'Charlie']) {
    await window.keyboard.press('ControlOrMeta+z');
    await expect(on.chat(back)).toBeFocused();
  }
  await expect(toast('3 chats deleted')).toHaveCount(0);

  // By mouse: one comes back, the toast leads to the others.
  for (const name of ['Bravo', 'Alpha', 'Charlie']) {
    await on.chat(name).hover();
    await window.getByRole('button', { name: `Actions for ${name}` }).click();
    await window.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(on.chat(name)).toHaveCount(0);
  }
  await window.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(on.chat('Charlie')).toBeVisible();
  await window.getByRole('button', { name: '2 chats deleted' }).click();
  await expect(binned(window)).toHaveText([/^Alpha.* 30 days left$/, /^Bravo.* 30 days left$/]);

  // Another window has them in its bin and not in its list.
  const opened = app.waitForEvent('window');
  await app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
    items.find((item) => item.label === 'New window')?.click();
  });
  const other = await opened;
  await expect(screen(other).chat('Charlie')).toBeVisible();
  await expect(screen(other).chat('Alpha')).toHaveCount(0);
  await other.getByRole('button', { name: 'Bin', exact: true }).click();
  await expect(binned(other)).toHaveCount(2);

  // Looked into, then restored: both windows see it at its place.
  await binned(window).first().click();
  await expect(on.answers).toContainText('It is kept.');
  await expect(window.getByText('In the bin, 30 days left. Restore to go on.')).toBeVisible();
  await expect(on.composer).toHaveCount(0);
  await window.keyboard.press('Enter');
  await expect(on.composer).toBeFocused();
  for (const each of [window, other]) {
    await expect(each.locator('[data-chat]')).toHaveText(['Delta', 'Charlie', 'Alpha']);
  }
  await expect(binned(other)).toHaveCount(1);

  // A reload forgets the undos, not the bin; what is deleted for good there is gone from both windows.
  await window.reload();
  on = screen(window);
  await window.getByRole('button', { name: 'Bin', exact: true }).click();
  await binned(window).focus();
  await window.keyboard.press('Delete');
  await expect(window.getByRole('dialog').getByRole('button', { name: 'Cancel' }).last()).toBeFocused();
  await window.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  for (const each of [window, other]) await expect(each.getByText('Nothing in the bin.')).toBeVisible();

  // A deletion that nobody could undo any more is in the bin of the next Hearth.
  await on.chat('Charlie').focus();
  await window.keyboard.press('Delete');
  await expect(binned(window)).toHaveText(/^Charlie/);
  await first.kill();
  const second = await start(env);
  on = screen(second.window);
  await expect(on.chat('Delta')).toBeVisible();
  await expect(on.chat('Charlie')).toHaveCount(0);
  await second.window.getByRole('button', { name: 'Bin', exact: true }).click();
  await second.window.getByRole('button', { name: 'Restore Charlie' }).click();
  await expect(second.window.getByText('Nothing in the bin.')).toBeVisible();
  await expect(second.window.locator('[data-chat]')).toHaveText(['Delta', 'Charlie', 'Alpha']);
  await ollama.close();
});

/** The rows of the bin's page. */
function binned(window: Page) {
  return window.locator('[data-binned]');
}
