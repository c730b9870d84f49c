// Asking again keeps the answer before: by mouse and by keys, in every window, through a reload and kill -9.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('versions of an answer, and a question that follows the one that is shown', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['Water.'] } });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = await start(env);
  const { app, window } = first;
  let on = screen(window);
  const number = (name: string, page = window) => page.getByRole('group', { name });
  await on.ask('What is the sea?');
  await expect(on.answers).toContainText('Water.');
  ollama.set({ answer: { tokens: ['Salt ', 'and ', 'fish.'] }, holdAfterRecords: 2 });
  await on.answers.getByRole('button', { name: 'Ask again' }).first().click();
  await expect(on.answers).toContainText('Salt and');

  // By mouse: the answer before is there while the new one is being written, and back.
  await on.answers.getByRole('button', { name: 'Previous answer' }).click();
  await expect(on.answers).toContainText('Water.');
  await expect(on.answers).toContainText('Answer 2 is being written');
  await on.answers.getByRole('button', { name: 'Next answer' }).click();
  await on.stop.first().click();
  await expect(on.answers).toContainText('You stopped this answer');

  // Carried on, it is a third one that begins with the words of the second.
  ollama.set({ answer: { tokens: [' birds.'] }, holdAfterRecords: null });
  await on.answers.getByRole('button', { name: 'Go on' }).click();
  await expect(number('Answer 3 of 3')).toBeVisible();
  await expect(on.answers).toContainText('Salt and birds.');

  // By keys, in both windows.
  const opened = app.waitForEvent('window');
  await app.evaluate(({ Menu }) => {
    const items = Menu.getApplicationMenu()?.items.flatMap((item) => item.submenu?.items ?? []) ?? [];
    items.find((item) => item.label === 'New window')?.click();
  });
  const other = await opened;
  await screen(other)
    .chat(/What is the sea/)
    .click();
  await expect(number('Answer 3 of 3', other)).toBeVisible();
  await window.keyboard.press('Alt+ArrowLeft');
  await window.keyboard.press('Alt+ArrowLeft');
  await expect(number('Answer 1 of 3')).toBeVisible();
  await expect(number('Answer 1 of 3', other)).toBeVisible();
  await expect(screen(other).answers).toContainText('Water.');

  // The next question follows what is shown.
  ollama.set({ answer: { tokens: ['Very.'] } });
  await on.ask('Is it deep?');
  await expect(on.answers.last()).toContainText('Very.');
  const sent = ollama.requestsTo('/api/chat').at(-1)?.body as { messages: { content: string }[] };
  expect(sent.messages.map(({ content }) => content)).toEqual(['What is the sea?', 'Water.', 'Is it deep?']);

  // What follows goes and comes with it, also over a reload and a kill.
  await window.keyboard.press('Alt+ArrowRight');
  await expect(on.questions).toHaveCount(1);
  await window.reload();
  on = screen(window);
  await on.chat(/What is the sea/).click();
  await expect(number('Answer 2 of 3')).toBeVisible();
  await window.keyboard.press('Alt+ArrowLeft');
  await expect(on.questions).toHaveCount(2);
  await first.kill();

  const second = await start(env);
  on = screen(second.window);
  await on.chat(/What is the sea/).click();
  await expect(number('Answer 1 of 3', second.window)).toBeVisible();
  await expect(on.answers.last()).toContainText('Very.');
  await ollama.close();
});
