// Files that can't be used: a clear page or a notice, never an empty history.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('a corrupt settings file is kept aside, defaults are used, and it is told', async ({ home, start }) => {
  writeFileSync(path.join(home, 'settings.json'), '{ "theme": "dark", ');
  const { window } = await start();
  await expect(window.getByText(/Your settings could not be read/)).toBeVisible();
  const kept = readdirSync(home).find((name) => name.startsWith('settings-corrupt'));
  expect(readFileSync(path.join(home, kept ?? ''), 'utf8')).toBe('{ "theme": "dark", ');
  await window.getByRole('button', { name: /Dismiss this notice/ }).click();
  await expect(window.getByText(/Your settings could not be read/)).toHaveCount(0);
});

test('a history from a newer Hearth: a page that says so, and the file stays as it was', async ({ home, start }) => {
  const file = path.join(home, 'history.sqlite');
  const history = new DatabaseSync(file);
  history.exec('PRAGMA application_id = 1215460456; CREATE TABLE future (x); PRAGMA user_version = 4000;');
  history.close();
  const before = readFileSync(file);
  const { window } = await start();
  await expect(window.getByText(/was written by a newer Hearth/)).toBeVisible();
  await expect(window.getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(screen(window).composer).toHaveCount(0);
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a locked history: told, and Try again opens it once it is free', async ({ home, start, hearth }) => {
  await hearth(['ask', 'Keep me']);
  const other = new DatabaseSync(path.join(home, 'history.sqlite'));
  other.exec('BEGIN EXCLUSIVE');
  const { window } = await start();
  await expect(window.getByText(/Another program holds the history/)).toBeVisible({ timeout: 20_000 });
  other.exec('ROLLBACK');
  other.close();
  await window.getByRole('button', { name: 'Try again' }).click();
  await expect(screen(window).chat(/Keep me/)).toBeVisible();
});

test('a damaged history: told, in the terminal too', async ({ home, start, hearth }) => {
  writeFileSync(path.join(home, 'history.sqlite'), 'this is not a database'.repeat(500));
  const { window } = await start();
  await expect(window.getByText(/is damaged/)).toBeVisible();
  const result = await hearth(['ask', 'hello']);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('is damaged');
});
