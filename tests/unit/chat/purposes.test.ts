// What a question is asked with: the chat's own choice, its purpose, and the card of facts.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConversationId } from '../../../src/contract/ids.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import { openScratchStorage } from '../../support/chat-scene.ts';
import {
  answerAs,
  type Engine,
  far,
  type InsightScene,
  local,
  openInsightScene,
  sourceOf,
  waitFor,
} from '../../support/insight-scene.ts';

const demo: Engine = { ...local, id: 'demo', kind: 'demo', label: 'Demo', host: null, model: null, lane: 'demo' };

let scratch: Awaited<ReturnType<typeof openScratchStorage>>;
let scenes: InsightScene[] = [];

beforeEach(async () => {
  scratch = await openScratchStorage();
});
afterEach(async () => {
  await Promise.all(scenes.map((scene) => scene.close()));
  scenes = [];
  await scratch.remove();
});

async function open(given: Parameters<typeof openInsightScene>[1] = {}): Promise<InsightScene> {
  const scene = await openInsightScene(scratch.storage, given);
  scenes.push(scene);
  return scene;
}

const done = (id: Parameters<typeof scratch.storage.getMessage>[0]) =>
  waitFor(async () => {
    const message = await scratch.storage.getMessage(id);
    expect(message.state).toBe('done');
    return message;
  });

describe('the choice of a chat', () => {
  const choice = { backend: 'far', model: 'big' };

  it('is stored with its first question, and asked for by every later one and every retry', async () => {
    const scene = await open({ engines: [local, far] });
    const first = await scene.ask('One', { choice });
    expect(first.conversation.choice).toEqual(choice);
    answerAs(local, await scene.run(0), 'Yes.');
    await done(first.answer.id);
    // What is sent along later changes nothing: it is the chat's.
    const { conversation } = first;
    const second = await scene.ask('Two', { conversationId: conversation.id, choice: { backend: null, model: 'x' } });
    answerAs(local, await scene.run(1), 'Yes.');
    await done(second.answer.id);
    await scene.chat.retry(second.answer.id, 'window');
    answerAs(local, await scene.run(2), 'Yes.');
    expect(scene.wishes.map((wish) => wish.choice)).toEqual([choice, choice, choice]);
  });

  it('changes, everybody hears of it, and it counts from the next question on', async () => {
    const scene = await open({ engines: [local, far] });
    const { conversation, answer } = await scene.ask('One');
    answerAs(local, await scene.run(0), 'Yes.');
    await done(answer.id);
    expect(scene.wishes[0]?.choice).toBeUndefined();
    const heard = scene.told.length;
    expect(await scene.conversations.choose(conversation.id, choice)).toMatchObject({ choice });
    expect(scene.told.length).toBeGreaterThan(heard);
    await scene.ask('Two', { conversationId: conversation.id });
    expect(scene.wishes[1]?.choice).toEqual(choice);
    await scene.conversations.choose(conversation.id, { backend: null, model: null });
    await scene.ask('Three', { conversationId: conversation.id });
    expect(scene.wishes[2]?.choice).toBeUndefined();
  });

  it('is what answered first, from then on, whatever the settings say later', async () => {
    const scene = await open({ engines: [local, far] });
    const { conversation, answer } = await scene.ask('One');
    answerAs(local, await scene.run(0), 'Yes.');
    await done(answer.id);
    const kept = { backend: 'ollama', model: 'tiny' };
    await waitFor(async () => expect((await scratch.storage.getConversation(conversation.id)).choice).toEqual(kept));
    await scene.ask('Two', { conversationId: conversation.id });
    expect(scene.wishes[1]?.choice).toEqual(kept);
    // Another one that answers for once changes nothing.
    answerAs(far, await scene.run(1), 'Yes.');
    await scene.ask('Three', { conversationId: conversation.id });
    expect(scene.wishes[2]?.choice).toEqual(kept);
  });

  it('stays the settings’ where a program asked', async () => {
    const scene = await open({ engines: [local, far] });
    const { conversation, answer } = await scene.ask('One', { purpose: 'gateway' });
    answerAs(local, await scene.run(0), 'Yes.');
    await done(answer.id);
    await scene.ask('Two', { conversationId: conversation.id });
    expect(scene.wishes[1]?.choice).toBeUndefined();
  });

  it('stands beside what was named for one question alone', async () => {
    const scene = await open({ engines: [local, far] });
    await scene.ask('One', { choice, backend: 'ollama', model: 'small' });
    expect(scene.wishes[0]).toEqual({ purpose: 'chat', choice, backend: 'ollama', model: 'small' });
  });

  it('stays the settings’ where another one answered for once, because the first had failed', async () => {
    const scene = await open({ engines: [local, far] });
    const { conversation, answer } = await scene.ask('One');
    (await scene.run(0)).fail(new HearthError('backend_busy', { backend: 'Ollama' }));
    await waitFor(async () => expect((await scratch.storage.getMessage(answer.id)).state).toBe('failed'));
    const retried = await scene.chat.retry(answer.id, 'window', { backend: 'far' });
    answerAs(far, await scene.run(1), 'Yes.');
    await done(retried.answer.id);
    await scene.ask('Two', { conversationId: conversation.id });
    expect(scene.wishes[2]?.choice).toBeUndefined();
  });

  it('stays what it is where an answer was asked for again elsewhere', async () => {
    const scene = await open({ engines: [local, far] });
    const first = await scene.ask('One', { choice });
    answerAs(local, await scene.run(0), 'Yes.');
    await done(first.answer.id);
    const { answer } = await scene.chat.retry(first.answer.id, 'window', { backend: 'ollama', model: 'small' });
    answerAs(local, await scene.run(1), 'Yes.');
    await done(answer.id);
    await scene.chat.retry(answer.id, 'window');
    expect(scene.wishes.slice(1)).toEqual([
      { purpose: 'chat', choice, backend: 'ollama', model: 'small', isRetry: true },
      { purpose: 'chat', choice, isRetry: true },
    ]);
  });

  it('a question to a chat that is not there is refused', async () => {
    const scene = await open();
    const conversationId = '01900000-0000-7000-8000-000000000001' as ConversationId;
    await expect(scene.ask('One', { conversationId })).rejects.toMatchObject({ code: 'not_found' });
    expect(scene.runs).toEqual([]);
  });
});

describe('the purpose of a question', () => {
  it.each([
    [undefined, 'chat', 'interactive'],
    ['chat', 'chat', 'interactive'],
    ['quickAsk', 'quickAsk', 'interactive'],
    ['gateway', 'gateway', 'gateway'],
  ] as const)('%s is asked as %s, in class %s', async (purpose, asked, jobClass) => {
    const scene = await open();
    const submitted = vi.spyOn(scene.queue, 'submit');
    await scene.ask('One', purpose === undefined ? {} : { purpose });
    expect(scene.wishes[0]?.purpose).toBe(asked);
    expect(submitted.mock.calls[0]?.[0]).toMatchObject({ class: jobClass, client: 'window' });
  });
});

describe('facts', () => {
  it('come first, and the answer says how many the model saw', async () => {
    const scene = await open();
    await scene.facts.add('Lives in Oslo.');
    await scene.facts.add('Likes tea.');
    const first = await scene.turn('What is a mutex?', 'A lock.');
    expect(scene.runs[0]?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(scene.runs[0]?.messages[0]?.content).toContain('- Likes tea.\n- Lives in Oslo.');
    expect(await scratch.storage.getMessage(first.answer.id)).toMatchObject({ factsUsed: 2 });
    // Said anew with every question, and never part of the chat.
    const retried = await scene.chat.retry(first.answer.id, 'window');
    answerAs(local, await scene.run(1), 'Still a lock.');
    expect(scene.runs[1]?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(await done(retried.answer.id)).toMatchObject({ factsUsed: 2 });
    const path = await scratch.storage.getPath(retried.answer.id);
    expect(path.map(({ role }) => role)).toEqual(['user', 'assistant']);
    expect(path[0]).not.toHaveProperty('factsUsed');
  });

  it('that are off, or not to be used, are told to nobody', async () => {
    const scene = await open();
    const { id } = await scene.facts.add('Lives in Oslo.');
    await scene.facts.edit({ id, isOn: false });
    const { answer } = await scene.turn('One', 'Yes.');
    expect(scene.runs[0]?.messages.map(({ role }) => role)).toEqual(['user']);
    expect(await scratch.storage.getMessage(answer.id)).not.toHaveProperty('factsUsed');
    await scene.facts.edit({ id, isOn: true });
    await scene.settings.set({ facts: { areUsed: false } });
    await scene.turn('Two', 'Yes.');
    expect(scene.runs[1]?.messages.map(({ role }) => role)).toEqual(['user']);
  });

  it('are told to no program', async () => {
    const scene = await open();
    await scene.facts.add('Lives in Oslo.');
    const { answer } = await scene.ask('One', { purpose: 'gateway' });
    const run = await scene.run(0);
    expect(run.messages.map(({ role }) => role)).toEqual(['user']);
    answerAs(local, run, 'Yes.');
    expect(await done(answer.id)).not.toHaveProperty('factsUsed');
  });

  it('are not told to the demo, and not said to have been seen where it stood in', async () => {
    const scene = await open({ engines: [local, demo] });
    await scene.facts.add('Lives in Oslo.');
    await scene.ask('One', { backend: 'demo' });
    expect((await scene.run(0)).messages.map(({ role }) => role)).toEqual(['user']);
    const { answer } = await scene.ask('Two');
    const run = await scene.run(1);
    run.say({ type: 'source', source: sourceOf(local) });
    answerAs(demo, run, 'This is a sample.');
    expect(await done(answer.id)).not.toHaveProperty('factsUsed');
  });

  it('of a question that nobody took were seen by nobody', async () => {
    const scene = await open();
    await scene.facts.add('Lives in Oslo.');
    const { answer } = await scene.ask('One');
    (await scene.run(0)).fail(new Error('no'));
    await waitFor(async () => expect((await scratch.storage.getMessage(answer.id)).state).toBe('failed'));
    expect(await scratch.storage.getMessage(answer.id)).not.toHaveProperty('factsUsed');
  });

  it('lose their way to a chat in the bin, and find it again', async () => {
    const scene = await open();
    const { conversation, question } = await scene.turn('I live in Oslo.', 'Good.');
    const source = { conversationId: conversation.id, messageId: question.id };
    await scene.facts.learn(['Lives in Oslo.'], source);
    await scene.conversations.delete(conversation.id);
    await waitFor(() => expect(scene.facts.status().facts).toMatchObject([{ source: null }]));
    await scene.conversations.restore(conversation.id);
    await waitFor(() => expect(scene.facts.status().facts).toMatchObject([{ source }]));
  });
});

it('the list is filtered by who answered', async () => {
  const scene = await open({ engines: [local, far] });
  await scene.turn('Here', 'Yes.');
  const { answer } = await scene.ask('There', { backend: 'far' });
  answerAs(far, await scene.run(1), 'Yes.');
  await done(answer.id);
  const { items } = await scene.conversations.list({ limit: 10, source: { kind: 'openai' } });
  expect(items.map(({ title }) => title)).toEqual(['There']);
  expect((await scene.conversations.sources()).map(({ label }) => label).toSorted()).toEqual(['Far', 'Ollama']);
});
