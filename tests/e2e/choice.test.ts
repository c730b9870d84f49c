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
  // A new chat that another backend answers is not among them; cleared, all are.
  await on.newChat.click();
  await on.ask('And who is this?');
  await expect(on.answers).toContainText('From Ollama.');
  await expect(on.chat(/And who are you/)).toBeVisible();
  await expect(on.chat(/And who is this/)).toHaveCount(0);
  await window.getByRole('button', { name: /^Show all chats/ }).click();
  await expect(on.chat(/And who is this/)).toBeVisible();
  await on.chat(/^Who are you/).click();
  await expect(window.getByRole('button', { name: /^Model: .*, Ollama/ })).toBeVisible();
  // Left on when the window closes.
  await window.getByRole('button', { name: 'Filter by who answered' }).click();
  await window.getByRole('menuitemradio', { name: 'Ollama 2' }).click();
  await expect(on.chat(/And who are you/)).toHaveCount(0);
  await first.quit();

  const second = await start(env);
  on = screen(second.window);
  const chip = second.window.getByRole('button', { name: /^Model:/ });
  await expect(second.window.getByRole('button', { name: /^Show all chats/ })).toHaveCount(0);
  await on.chat(/^Who are you/).click();
  await on.ask('Still you?');
  await expect(on.answers.last()).toContainText('From Ollama.');
  await on.chat(/And who are you/).click();
  await expect(chip).toHaveAccessibleName(new RegExp(`^Model: .*, ${host}`));
  await on.ask('Still you?');
  await expect(on.answers).toHaveCount(2);
  await expect(on.answers.last()).toContainText('From Studio.');

  await chip.click();
  await second.window.getByRole('menuitem', { name: /^Use the settings’ choice/ }).click();
  await expect(chip).toHaveAccessibleName(/^Model: .*, Ollama/);
  await on.ask('Who is it now?');
  await expect(on.answers.last()).toContainText('From Ollama.');
  await second.quit();
  await ollama.close();
  await openai.close();
});

test('a chat keeps the model that answered it; what is chosen for new chats says so', async ({ start }) => {
  const models = [{ name: 'small:1b' }, { name: 'large:70b' }];
  const ollama = await startReplayOllama({ models, answer: { tokens: ['Yes.'] } });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  const chip = window.getByRole('button', { name: /^Model:/ });
  const asked = () => (ollama.requestsTo('/api/chat').at(-1)?.body as { model: string } | undefined)?.model ?? '';
  await on.ask('The first one');
  await expect(on.answers).toContainText('Yes.');
  const first = asked();
  const other = models.map(({ name }) => name).find((name) => name !== first) ?? '';
  const title = (name: string) => new RegExp(name.split(':')[0] ?? '', 'i');

  await on.newChat.click();
  await chip.click();
  await window.getByRole('menuitemradio', { name: title(other) }).click();
  await chip.click();
  await window.getByRole('menuitem', { name: 'Use for new chats too' }).click();
  await expect(window.getByText(/^New chats use .* Chats that have an answer keep theirs\.$/)).toBeVisible();
  await on.ask('The second one');
  await expect(on.answers).toContainText('Yes.');
  expect(asked()).toBe(other);

  await window.reload();
  await on.chat(/The first one/).click();
  await expect(chip).toContainText(title(first));
  await on.ask('And again');
  await expect(on.answers).toHaveCount(2);
  await expect(on.answers.last()).toContainText('Yes.');
  expect(asked()).toBe(first);
  await ollama.close();
});
