// One Hearth per data folder, and an end that loses nothing.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const TOKENS = ['Half ', 'of ', 'an ', 'answer ', 'is ', 'kept.'];

test('quitting while an answer streams keeps it as interrupted', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, holdAfterRecords: 3 });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const first = await start(env);
  let on = screen(first.window);
  await on.ask('Are you done?');
  await expect(on.answers).toContainText('Half of an');
  await first.quit();
  await expect.poll(() => ollama.requestsTo('/api/chat')[0]?.aborted).toBe(true);

  const second = await start(env);
  on = screen(second.window);
  await on.chat(/Are you done/).click();
  await expect(on.answers).toContainText('Half of an');
  await expect(on.answers).toContainText('Hearth was closed while this answer was being written');
  ollama.set({ holdAfterRecords: null });
  await on.answers.getByRole('button', { name: 'Ask again' }).first().click();
  await expect(on.answers.last()).toContainText('Half of an answer is kept.');
  await ollama.close();
});

test('a second start brings the first window to the front and ends', async ({ start, startBeside }) => {
  const { app, window } = await start();
  await expect(screen(window).composer).toBeFocused();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  expect(await startBeside()).toBe(0);
  const isShown = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.isVisible()));
  await expect.poll(isShown).toEqual([true]);
});

test('started while a terminal asks: the window says so and goes on by itself', async ({ start, hearth }) => {
  const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, holdAfterRecords: 2 });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const terminal = hearth(['ask', 'From the terminal'], { env });
  await ollama.held();
  const { window } = await start(env);
  const on = screen(window);
  await expect(window.getByText('Another Hearth is using this history')).toBeVisible();
  await expect(on.composer).toHaveCount(0);
  ollama.set({ holdAfterRecords: null });
  ollama.release();
  expect(await terminal).toMatchObject({ code: 0, stdout: 'Half of an answer is kept.\n' });
  await on.chat('From the terminal').click();
  await expect(on.answers).toContainText('Half of an answer is kept.');
  await on.ask('And from the window');
  await expect(on.answers.last()).toContainText('Half of an answer is kept.');
  await ollama.close();
});
