// The page Models: what is installed is looked at, loaded, changed, copied and deleted, and a file of one's own is taken in.
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { startStoreOllama, type StoreOllama } from '../support/store-ollama.ts';
import { expect, root, test as base } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const test = base.extend<{ ollama: StoreOllama }>({
  ollama: async ({ home }, use) => {
    const ollama = await startStoreOllama({ folder: path.join(home, 'ollama'), atEnd: () => undefined });
    await use(ollama);
    await ollama.close();
  },
});

test('a deletion is taken back, then meant: the bytes go only when its time is over', async ({ ollama, start }) => {
  ollama.add('llama3.2:3b');
  ollama.add('qwen3:8b');
  const { window } = await start({ OLLAMA_HOST: ollama.host });
  await screen(window).openSettings('Models');
  const row = rowOf(window, 'llama3.2 3B');
  await row.getByRole('button', { name: 'Delete llama3.2 3B' }).click();
  await expect(row).toHaveCount(0);
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(row).toBeVisible();
  expect(ollama.callsTo('DELETE', '/api/delete')).toEqual([]);

  await row.getByRole('button', { name: 'Delete llama3.2 3B' }).click();
  await expect(window.getByText('llama3.2 3B deleted')).toBeVisible();
  expect(ollama.names()).toContain('llama3.2:3b');
  await expect.poll(() => ollama.names(), { timeout: 20_000 }).toEqual(['qwen3:8b']);
  await expect(rowOf(window, 'qwen3 8B')).toBeVisible();
  await expect(row).toHaveCount(0);
});

test('into memory and out of it, details, another system prompt, a copy under a new name', async ({
  ollama,
  start,
}) => {
  ollama.add('llama3.2:3b', { system: 'You are short.', template: '{{ .Prompt }}', parameters: { temperature: 0.7 } });
  const { window } = await start({ OLLAMA_HOST: ollama.host });
  await screen(window).openSettings('Models');
  const row = rowOf(window, 'llama3.2 3B');
  await choose(window, 'llama3.2 3B', 'Load into memory');
  await expect(row).toContainText('in memory');
  await choose(window, 'llama3.2 3B', 'Unload from memory');
  await expect(row).not.toContainText('in memory');

  await choose(window, 'llama3.2 3B', 'Details');
  const drawer = window.getByRole('dialog', { name: 'llama3.2 3B' });
  await expect(drawer).toContainText('You are short.');
  await expect(drawer).toContainText('temperature 0.7');
  await expect(drawer).toContainText('2k tokens');
  await drawer.getByRole('button', { name: 'Edit' }).click();
  await drawer.getByRole('textbox', { name: 'System prompt' }).fill('You answer in rhymes.');
  await drawer.getByRole('button', { name: 'Close' }).click();
  await expect(drawer).toContainText('Your changes are not saved.');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer.getByText('You answer in rhymes.')).toBeVisible();
  await drawer.getByRole('button', { name: 'Close' }).click();
  expect(ollama.model('llama3.2:3b')).toMatchObject({
    system: 'You answer in rhymes.',
    template: '{{ .Prompt }}',
    parameters: { temperature: 0.7 },
  });

  await choose(window, 'llama3.2 3B', 'Copy under a new name');
  const dialog = window.getByRole('dialog', { name: 'Copy llama3.2 3B' });
  await dialog.getByRole('textbox', { name: 'New name' }).fill('my rhymes');
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog).toContainText('This is not a name.');
  await dialog.getByRole('textbox', { name: 'New name' }).fill('my-rhymes');
  await window.keyboard.press('Enter');
  await expect(rowOf(window, 'my-rhymes')).toBeVisible();
  expect(ollama.model('my-rhymes')?.system).toBe('You answer in rhymes.');
});

test('a file of one’s own goes into Ollama, once it has been looked into', async ({ ollama, home, start }) => {
  const file = path.join(home, 'tiny.gguf');
  cpSync(path.join(root, 'tests/fixtures/tiny.gguf'), file);
  cpSync(path.join(root, 'package.json'), path.join(home, 'no-model.gguf'));
  const { app, window } = await start({ OLLAMA_HOST: ollama.host });
  await screen(window).openSettings('Models');
  await pickNext(app, path.join(home, 'no-model.gguf'));
  await window.getByRole('button', { name: 'Import a file' }).click();
  const dialog = window.getByRole('dialog', { name: 'Add a model file' });
  await expect(dialog.getByRole('alert')).toContainText('is not a model that Hearth can use');
  await pickNext(app, file);
  await dialog.getByRole('button', { name: 'Choose another file' }).click();
  await expect(dialog).toContainText('llama');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('my-tiny');
  await dialog.getByRole('button', { name: 'Add to Ollama' }).click();
  await expect(rowOf(window, 'my-tiny')).toBeVisible();
  expect(ollama.names()).toEqual(['my-tiny:latest']);
  expect(existsSync(file)).toBe(true);
});

test('a file of one’s own, dropped on the window, is used where it lies by the built-in engine, which answers', async ({
  ollama,
  home,
  start,
}) => {
  const file = path.join(home, 'elsewhere', 'tiny.gguf');
  mkdirSync(path.dirname(file));
  cpSync(path.join(root, 'tests/fixtures/tiny.gguf'), file);
  const { window } = await start({ OLLAMA_HOST: ollama.host });
  const on = screen(window);
  await on.openSettings('Models');
  await drop(window, file);
  const dialog = window.getByRole('dialog', { name: 'Add a model file' });
  await expect(dialog).toContainText('tiny.gguf');
  await dialog.getByRole('radio', { name: /Use with the built-in engine/ }).click();
  await dialog.getByRole('button', { name: 'Use this file' }).click();
  const row = rowOf(window, 'tiny');
  await expect(row).toContainText('Built-in engine');
  expect(ollama.names()).toEqual([]);

  await row.getByRole('button', { name: 'Chat with tiny' }).click();
  await on.ask('What do you hold?');
  await expect(on.answers).toContainText(/tokens\/s/, { timeout: 45_000 });
  await expect(on.answers).toContainText(/tiny.* on Built-in engine/);
});

const rowOf = (window: Page, title: string) =>
  window
    .getByRole('table', { name: 'Installed' })
    .getByRole('row')
    .filter({ has: window.getByRole('button', { name: `More for ${title}`, exact: true }) });

async function choose(window: Page, title: string, item: string): Promise<void> {
  await rowOf(window, title)
    .getByRole('button', { name: `More for ${title}` })
    .click();
  await window.getByRole('menuitem', { name: item }).click();
}

/** What the system's dialog for files would have given. */
async function pickNext(app: ElectronApplication, file: string): Promise<void> {
  await app.evaluate(({ dialog }, picked) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [picked] });
  }, file);
}

/** As the system drops a file on the window: Chromium reads its path, the page never sees it. */
async function drop(window: Page, file: string): Promise<void> {
  const session = await window.context().newCDPSession(window);
  const at = { x: 400, y: 300, data: { items: [], files: [file], dragOperationsMask: 1 } };
  await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at });
  await expect(window.getByText('Drop a model file')).toBeVisible();
  await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...at });
  await session.send('Input.dispatchDragEvent', { type: 'drop', ...at });
}
