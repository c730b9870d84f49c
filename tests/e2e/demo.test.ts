// With neither a server nor a program: the demo answers at once and says so.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { hasOwnOllama, NO_OLLAMA } from './support/environment.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

test('the demo answers, labelled, with the reason and a button to look again', async ({ start }) => {
  test.skip(await hasOwnOllama(), 'an Ollama runs on this computer');
  const { window } = await start(NO_OLLAMA);
  const on = screen(window);
  await on.ask('Hello');
  await expect(on.answers.getByText('Demo reply: No Ollama was found')).toBeVisible();
  await expect(on.answers).toContainText('No model read your message.');
  await on.answers.getByRole('button', { name: 'Check again' }).click();
  await expect(on.answers).toContainText(/Looked again at .*No Ollama was found/);
});

test('an Ollama that comes up later is found by Check again, and answers the next question', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: ['From ', 'a ', 'model.'] } });
  const { port } = ollama;
  await ollama.close();
  const { window } = await start({ OLLAMA_HOST: `127.0.0.1:${port}` });
  const on = screen(window);
  await on.ask('Hello');
  await expect(on.answers.getByText(/Demo reply/).first()).toBeVisible();

  const later = await startReplayOllama({ port, answer: { tokens: ['From ', 'a ', 'model.'] } });
  await on.answers.getByRole('button', { name: 'Check again' }).click();
  await expect(on.answers).toContainText('Ollama is ready');
  await on.ask('Once more');
  await expect(on.answers.last()).toContainText('From a model.');
  await expect(on.answers.last().getByText(/Demo reply/)).toHaveCount(0);
  await later.close();
});
