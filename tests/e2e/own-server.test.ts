// A server of the user's own with a key: chosen for a chat, told on the answer, removed and brought back; its key stays where it belongs.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { startScriptedOpenAi } from '../support/scripted-openai.ts';
import { choose, row } from './support/backends-page.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const KEY = 'sk-very-private-4711';

test('a chat chooses a server with a key; removed, it is told with the next question; the key is nowhere else', async ({
  home,
  start,
}) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['From ', 'Ollama.'] } });
  const studio = await startScriptedOpenAi({ key: KEY, answer: { pieces: ['From ', 'the ', 'studio.'] } });
  const { host } = new URL(studio.url);
  const hearth = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const { window } = hearth;
  const on = screen(window);
  await on.openSettings('Backends');
  await window.getByRole('textbox', { name: 'Address of a backend' }).fill(studio.url);
  await window.getByLabel('Key', { exact: true }).fill(KEY);
  await expect(window.getByText('Answers, 1 model, key accepted')).toBeVisible();
  await window.keyboard.press('Enter');
  const added = row(window, host);
  await expect(added).toContainText('Ready');
  const seen = [await window.content()];
  await choose(window, added, 'Edit…');
  const dialog = window.getByRole('dialog');
  await expect(dialog.getByLabel('Key', { exact: true })).toHaveValue('');
  seen.push(await window.content());
  await window.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await window.keyboard.press('Escape');

  await window.getByRole('button', { name: /^Model:/ }).click();
  await window.getByRole('menuitem', { name: new RegExp(`^${host}`) }).click();
  await window.getByRole('menu').last().getByRole('menuitemradio').first().click();
  await on.ask('Who are you?');
  await expect(on.answers).toContainText('From the studio.');
  await on.answers.getByRole('button', { name: /Details of this answer$/ }).click();
  await expect(window.getByRole('dialog', { name: 'About this answer' })).toContainText(`Server${host}`);
  seen.push(await window.content());
  await window.keyboard.press('Escape');

  await on.composer.click();
  await on.openSettings('Backends');
  await choose(window, added, 'Remove');
  await expect(added).toHaveCount(0);
  await window.keyboard.press('ControlOrMeta+z');
  await expect(added).toContainText('Ready');
  await window.keyboard.press('Escape');
  await on.ask('Are you back?');
  await expect(on.answers.last()).toContainText('From the studio.');
  expect(studio.chats().map(({ headers }) => headers.authorization)).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);

  await on.openSettings('Backends');
  await choose(window, added, 'Remove');
  await expect(added).toHaveCount(0);
  await window.keyboard.press('Escape');
  await expect(window.getByRole('button', { name: /^Model: .*, A removed backend, not available now/ })).toBeVisible();
  await on.ask('And now?');
  await expect(on.answers.last()).toContainText('From Ollama.');
  await expect(on.answers.last()).toContainText('The backend that was chosen for this is not in the list any more');
  seen.push(await window.content());
  expect(filesWith(KEY, home).filter((file) => file !== 'secrets.json')).toEqual([]);
  await hearth.quit();
  // Nobody brought it back: it is gone with its backend.
  expect(filesWith(KEY, home)).toEqual([]);
  for (const page of seen) expect(page).not.toContain(KEY);
  await studio.close();
  await ollama.close();
});

function filesWith(text: string, folder: string): string[] {
  const spellings = [Buffer.from(text), Buffer.from(text, 'utf16le')];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => {
      const content = readFileSync(file);
      return spellings.some((one) => content.includes(one));
    })
    .map((file) => path.relative(folder, file));
}
