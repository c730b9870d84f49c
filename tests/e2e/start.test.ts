// Starting: one Hearth per data folder, the composer first, the real model in the window.
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, root, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('the composer is there and has the focus', async ({ start }) => {
  const { window } = await start();
  await expect(screen(window).composer).toBeFocused();
  await expect(window.getByRole('heading', { name: 'What would you like to work on?' })).toBeVisible();
});

test('the tiny real model answers in the window through the built-in engine', async ({ home, start }) => {
  mkdirSync(path.join(home, 'models'), { recursive: true });
  cpSync(path.join(root, 'tests/fixtures/tiny.gguf'), path.join(home, 'models/tiny.gguf'));
  const { window } = await start();
  const on = screen(window);
  await on.ask('hello');
  await expect(on.answers).toContainText('via built-in engine');
  await expect(on.answers).toContainText(/tokens\/s/, { timeout: 45_000 });
  await expect(on.answers).not.toContainText('Demo reply');
});
