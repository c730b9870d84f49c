// Versions of an answer: both stay in reach while either is written, and the next question follows the one that is shown.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openChat, openScratchStorage, textOf, type ChatScene } from '../../support/chat-scene.ts';
import { noUsage, scriptedSource } from '../../support/scripted-backends.ts';

let scratch: Awaited<ReturnType<typeof openScratchStorage>>;
let scene: ChatScene;

beforeEach(async () => {
  scratch = await openScratchStorage();
  scene = openChat(scratch.storage);
});
afterEach(async () => {
  await scene.chat.close();
  await scratch.remove();
});

/** A question that was answered, and then answered again. */
async function answeredTwice() {
  const { conversation, question, answer } = await scene.ask('What is the sea?');
  (await scene.run(0)).answer('Water.');
  await scene.follow(answer.id).settled();
  const { answer: second } = await scene.chat.retry(answer.id, 'window');
  (await scene.run(1)).answer('Salt.');
  await scene.follow(second.id).settled();
  return { id: conversation.id, question, first: answer.id, second: second.id };
}

it('an answer that is asked for again, or carried on, is told with those beside it at once', async () => {
  const { answer } = await scene.ask('What is the sea?');
  const run = await scene.run(0);
  run.say({ type: 'source', source: scriptedSource }, { type: 'text', text: 'Deep' });
  await scene.follow(answer.id).text('Deep');
  await scene.chat.stop(answer.id);
  const { answer: second } = await scene.chat.retry(answer.id, 'window');
  expect(second.versions).toEqual([
    { id: answer.id, state: 'stopped' },
    { id: second.id, state: 'waiting' },
  ]);
  const { answer: third } = await scene.chat.goOn(answer.id, 'window');
  expect(textOf(third)).toBe('Deep');
  expect(third.versions?.map(({ id }) => id)).toEqual([answer.id, second.id, third.id]);
});

it('a question follows the version that is shown, and its model sees that path', async () => {
  const { id, question, first } = await answeredTwice();
  const shown = await scene.conversations.showVersion(first);
  expect(shown.messages.map(textOf)).toEqual(['What is the sea?', 'Water.']);
  const next = await scene.ask('How much?', id);
  expect(next.question.parentId).toBe(first);
  expect((await scene.run(2)).messages.map(({ content }) => content)).toEqual([
    'What is the sea?',
    'Water.',
    'How much?',
  ]);
  const { messages } = await scene.conversations.get(id);
  expect(messages.map((message) => message.id)).toEqual([question.id, first, next.question.id, next.answer.id]);
});

it('everybody hears which version is shown, and the chat keeps its place in the list', async () => {
  const { id, first } = await answeredTwice();
  const before = await scratch.storage.getConversation(id);
  await scene.conversations.showVersion(first);
  expect(scene.changes.at(-1)).toEqual({ type: 'changed', conversation: { ...before, activeLeafId: first } });
});

it('a version that is being written can be left: it runs to its end, and is there when one comes back', async () => {
  const { id, first } = await answeredTwice();
  const { answer: third } = await scene.chat.retry(first, 'window');
  const run = await scene.run(2);
  run.say({ type: 'source', source: scriptedSource }, { type: 'text', text: 'Fish' });
  await scene.follow(third.id).text('Fish');
  const left = await scene.conversations.showVersion(first);
  expect(left.messages.at(-1)?.versions?.at(-1)).toEqual({ id: third.id, state: 'streaming' });
  const changes = scene.changes.length;
  run.say({ type: 'text', text: '.' }, { type: 'done', reason: 'stop', usage: noUsage });
  await scene.follow(third.id).settled();
  // It settled out of sight: that is told, and what is shown stays.
  await expect.poll(() => scene.changes.length).toBeGreaterThan(changes);
  expect(scene.changes.at(-1)).toMatchObject({ conversation: { id, activeLeafId: first } });
  const back = await scene.conversations.showVersion(third.id);
  expect(textOf(back.messages.at(-1)!)).toBe('Fish.');
});

it('an answer that failed or was stopped is a version as any other, and so is what the demo said', async () => {
  const { first, second } = await answeredTwice();
  const { answer: third } = await scene.chat.retry(second, 'window');
  (await scene.run(2)).fail(new Error('gone'));
  await scene.follow(third.id).settled();
  const { answer: fourth } = await scene.chat.retry(third.id, 'window');
  (await scene.run(3)).say(
    { type: 'source', source: { ...scriptedSource, kind: 'demo' } },
    { type: 'text', text: 'I' },
  );
  await scene.follow(fourth.id).text('I');
  await scene.chat.stop(fourth.id);
  const { messages } = await scene.conversations.showVersion(first);
  expect(messages.at(-1)?.versions?.map(({ state }) => state)).toEqual(['done', 'done', 'failed', 'stopped']);
});
