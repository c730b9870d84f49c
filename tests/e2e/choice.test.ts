// A chat of its own mind: asked elsewhere than the settings say, told where from, found again by it, also after a restart.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { startScriptedOpenAi } from '../support/scripted-openai.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('a chat keeps its own backend, its answers say so, and the history finds it by that', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['From', ' Ollama.'] } });
  const openai = await startScriptedOpenAi({ answer: { pieces: ['From', ' Studio.'] } });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = await start(env);
  const { window } = first;
  let on = screen(window);
  const { host } = new URL(openai.url);
  await expect(on.composer).toBeFocused();
  await window.getByRole('button', { name: 'Settings', exact: true }).click();
  await window.getByRole('button', { name: 'Backends', exact: true }).click();
  await window.getByPlaceholder('192.168.1.20:1234').fill(openai.url);
  await window.keyboard.press('Enter');
  await expect(window.getByText(`${host} added`)).toBeVisible();
  await window.keyboard.press('Escape');

  await on.ask('Who are you?');
  await expect(on.answers).toContainText('From Ollama.');
  await on.newChat.click();
  await window.getByRole('button', { name: /^Model:/ }).click();
  await window.getByRole('menuitem', { name: new RegExp(`^${host}`) }).click();
  await window.getByRole('menu').last().getByRole('menuitemradio').first().click();
  await on.ask('And who are you?');
  await expect(on.answers).toContainText('From Studio.');
  await window.getByRole('button', { name: new RegExp(`on ${host} .*Details of this answer$`) }).click();
  await expect(window.getByRole('dialog', { name: 'About this answer' })).toContainText(openai.url);
  await window.keyboard.press('Escape');

  await window.getByRole('button', { name: 'Filter by who answered' }).click();
  await window
    .getByRole('menuitemradio', { name: `${host} 1` })
    .first()
    .click();
  await expect(on.chat(/And who are you/)).toBeVisible();
  await expect(on.chat(/^Who are you/)).toHaveCount(0);
  await window.getByRole('button', { name: /^Show all chats/ }).click();
  await on.chat(/^Who are you/).click();
  await expect(window.getByRole('button', { name: /^Model: .* on Ollama/ })).toBeVisible();
  await first.quit();

  const second = await start(env);
  on = screen(second.window);
  await on.chat(/And who are you/).click();
  await expect(second.window.getByRole('button', { name: new RegExp(`^Model: .* on ${host}`) })).toBeVisible();
  await second.quit();
  await ollama.close();
  await openai.close();
});
