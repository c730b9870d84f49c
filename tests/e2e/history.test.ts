// Chats are renamed, deleted and brought back, and what is on the screen is what is kept.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const ANSWER = { tokens: ['It ', 'is ', 'kept.'] };

test('rename by F2 and by menu; Esc keeps the old name; a restart knows the new ones', async ({ start, hearth }) => {
  const ollama = await startReplayOllama({ answer: ANSWER });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  await hearth(['ask', 'Sourdough'], { env });
  await hearth(['ask', 'Bicycle'], { env });
  const first = await start(env);
  let on = screen(first.window);
  const field = first.window.getByRole('textbox', { name: 'Name of the chat' });

  await on.chat('Sourdough').focus();
  await first.window.keyboard.press('F2');
  await expect(field).toBeFocused();
  await first.window.keyboard.type('Bread on Sunday');
  await first.window.keyboard.press('Enter');
  await expect(on.chat('Bread on Sunday')).toBeFocused();

  await on.chat('Bicycle').click({ button: 'right' });
  await first.window.getByRole('menuitem', { name: 'Rename' }).click();
  await field.fill('Something else');
  await field.press('Escape');
  await expect(on.chat('Bicycle')).toBeVisible();

  // The chat on the screen: its title above the conversation is the same one.
  await on.chat('Bicycle').click();
  await on.chat('Bicycle').click({ button: 'right' });
  await first.window.getByRole('menuitem', { name: 'Rename' }).click();
  await field.fill('The red bicycle');
  await field.press('Enter');
  await expect(first.window.getByRole('heading', { name: 'The red bicycle', level: 1 })).toBeVisible();
  await first.quit();

  const second = await start(env);
  on = screen(second.window);
  await expect(on.chat('Bread on Sunday')).toBeVisible();
  await expect(on.chat('The red bicycle')).toBeVisible();
  await expect(on.chat(/Sourdough|^Bicycle/)).toHaveCount(0);
  await ollama.close();
});

for (const way of ['the Undo button', 'Ctrl+Z'] as const) {
  test(`a deleted chat comes back by ${way}, and is there after a restart`, async ({ start, hearth }) => {
    const ollama = await startReplayOllama({ answer: ANSWER });
    const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
    await hearth(['ask', 'Keep me'], { env });
    await hearth(['ask', 'Lose me'], { env });
    const first = await start(env);
    let on = screen(first.window);
    const undo = first.window.getByRole('button', { name: 'Undo', exact: true });
    await on.chat('Lose me').focus();
    await first.window.keyboard.press('Delete');
    await expect(on.chat('Lose me')).toHaveCount(0);
    // This deletion stays: of both, the last one is undone.
    await expect(undo).toBeVisible();
    await on.chat('Keep me').click({ button: 'right' });
    await first.window.getByRole('menuitem', { name: 'Delete' }).click();
    await expect(on.chat('Keep me')).toHaveCount(0);
    if (way === 'Ctrl+Z') await first.window.keyboard.press('ControlOrMeta+z');
    else await undo.click();
    await expect(on.chat('Keep me')).toBeVisible();
    await expect(first.window.getByText('Chat deleted', { exact: true })).toBeVisible();
    await first.quit();

    const second = await start(env);
    on = screen(second.window);
    await on.chat('Keep me').click();
    await expect(on.answers).toContainText('It is kept.');
    await expect(on.chat('Lose me')).toHaveCount(0);
    await ollama.close();
  });
}

test('deleting the open chat ends its answer and leads to a new chat; Undo opens it again', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: ANSWER, holdAfterRecords: 2 });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await on.ask('Will I be deleted?');
  await expect(on.answers).toContainText('It is');
  await on.chat(/Will I be deleted/).click({ button: 'right' });
  await window.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(window.getByRole('heading', { name: 'What would you like to work on?' })).toBeVisible();
  await expect(on.questions).toHaveCount(0);
  await expect.poll(() => ollama.requestsTo('/api/chat')[0]?.aborted).toBe(true);

  await window.getByRole('button', { name: /^Undo/ }).click();
  await expect(on.questions).toContainText('Will I be deleted?');
  await expect(on.answers).toContainText('It is');
  await ollama.close();
});
