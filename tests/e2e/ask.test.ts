// The main job: ask, stream, stop, another chat, quit, and everything is there again.
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const TOKENS = 'A mutex lets one thread at a time into a room.'.split(/(?<= )/);

test('ask an Ollama, watch the answer stream, find it again after a restart', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, holdAfterRecords: 4 });
  const env = { OLLAMA_HOST: ollama.host + ':' + ollama.port };
  const first = await start(env);
  let on = screen(first.window);
  await expect(on.composer).toBeFocused();

  await on.ask('What is a mutex?');
  await expect(on.answers).toContainText('A mutex lets one');
  await expect(on.answers).not.toContainText('thread');
  await expect(on.stop).toBeVisible();
  ollama.release();
  await expect(on.answers).toContainText(TOKENS.join(''));
  await expect(on.send).toBeVisible();
  await expect(on.answers.getByText('Demo reply')).toHaveCount(0);
  await expect(on.answers).toContainText(/tiny.* on Ollama/);

  // Another chat, and back.
  ollama.set({ holdAfterRecords: null });
  await on.newChat.click();
  await expect(on.answers).toHaveCount(0);
  await on.ask('And a semaphore?');
  await expect(on.answers).toContainText(TOKENS.join(''));
  await on.chat(/What is a mutex/).click();
  await expect(on.questions).toHaveText(/What is a mutex\?/);
  await first.quit();

  const second = await start(env);
  on = screen(second.window);
  await expect(on.chat(/And a semaphore/)).toBeVisible();
  await on.chat(/What is a mutex/).click();
  await expect(on.questions).toContainText('What is a mutex?');
  await expect(on.answers).toContainText(TOKENS.join(''));
  await second.quit();
  await ollama.close();
});

for (const way of ['Esc', 'the Stop button'] as const) {
  test(`${way} ends an answer and keeps what has arrived`, async ({ start }) => {
    const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, holdAfterRecords: 4 });
    const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
    const on = screen(window);
    await on.ask('What is a mutex?');
    await expect(on.answers).toContainText('A mutex lets one');
    if (way === 'Esc') await on.composer.press('Escape');
    else await on.stop.click();
    await expect(on.send).toBeVisible();
    await expect(on.answers).toContainText('A mutex lets one');
    await expect(on.answers).toContainText('You stopped this answer');
    await expect.poll(() => ollama.requestsTo('/api/chat')[0]?.aborted).toBe(true);
    await ollama.close();
  });
}

test('an empty question is not sent', async ({ start }) => {
  const { window } = await start();
  const on = screen(window);
  await expect(on.send).toBeDisabled();
  await on.ask('   ');
  await on.composer.press('Enter');
  await expect(on.questions).toHaveCount(0);
  await expect(on.send).toBeDisabled();
});

test('a second question waits in line and says so; cancelling it leaves the first alone', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: TOKENS }, holdAfterRecords: 4 });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await on.ask('First');
  await expect(on.answers).toContainText('A mutex lets one');
  await on.newChat.click();
  await on.ask('Second');
  await expect(window.getByRole('status').filter({ hasText: /in line/ })).toBeVisible();
  await expect(window.getByText(/^behind the answer in “First”/)).toBeVisible();
  await expect(on.chat(/^First.*being answered/)).toBeVisible();
  await expect(on.chat(/^Second.*waiting in line/)).toBeVisible();
  await window.getByRole('button', { name: 'Cancel' }).click();
  await expect(on.chat(/^Second$/)).toBeVisible();
  await expect(on.answers).toContainText('stopped');
  ollama.release();
  await on.chat(/First/).click();
  await expect(on.answers).toContainText(TOKENS.join(''));
  expect(ollama.requestsTo('/api/chat')).toHaveLength(1);
  await ollama.close();
});

test('an answer that was cut goes on in one text, and is one after a reload', async ({ start }) => {
  const ollama = await startReplayOllama({ answer: { tokens: TOKENS.slice(0, 4), doneReason: 'length' } });
  const { window } = await start({ OLLAMA_HOST: `${ollama.host}:${ollama.port}` });
  const on = screen(window);
  await on.ask('What is a mutex?');
  const goOn = window.getByRole('button', { name: 'Go on' });
  await expect(goOn).toBeVisible();
  ollama.set({ answer: { tokens: TOKENS.slice(4) } });
  await goOn.press('Enter');
  await expect(on.answers).toContainText(TOKENS.join(''));
  await expect(goOn).toBeHidden();
  await window.reload();
  await on.chat(/mutex/).click();
  await expect(on.answers).toContainText(TOKENS.join(''));
  await expect(goOn).toBeHidden();
  await ollama.close();
});
