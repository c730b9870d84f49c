// A question's way to a stored answer, over a real history.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { QUESTION_MAX_CHARS } from '../../../src/contract/limits.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import type { Storage } from '../../../src/main/storage/index.ts';
import { newConversationId, newMessageId } from '../../support/answers.ts';
import { type ChatScene, openChat, openScratchStorage, textIn, textOf } from '../../support/chat-scene.ts';
import { noUsage, scriptedPlan, scriptedSource } from '../../support/scripted-backends.ts';

let scratch: Awaited<ReturnType<typeof openScratchStorage>>;
let storage: Storage;
let scene: ChatScene;

beforeAll(async () => {
  scratch = await openScratchStorage();
  storage = scratch.storage;
});
afterAll(() => scratch.remove());
beforeEach(() => {
  scene = openChat(storage);
});
afterEach(() => scene.chat.close());

const textEvent = (text: string) => ({ type: 'text' as const, text });
const sourceEvent = { type: 'source' as const, source: scriptedSource };

describe('sending', () => {
  it('stores the question, streams the answer and keeps it', async () => {
    const sent = await scene.ask('What is a mutex?');
    expect(sent.conversation).toMatchObject({ title: 'What is a mutex?', activeLeafId: sent.answer.id });
    expect(sent.answer).toMatchObject({ state: 'waiting', parentId: sent.question.id });
    const window = scene.follow(sent.answer.id, 0);
    const run = await scene.run(0);
    expect(run.messages).toEqual([{ role: 'user', content: 'What is a mutex?' }]);
    run.say(sourceEvent, { type: 'loading', model: 'tiny' }, { type: 'thinking', text: 'hm' });
    run.say(textEvent('A '), textEvent('lock.'), {
      type: 'done',
      reason: 'stop',
      usage: { ...noUsage, promptTokens: 5, answerTokens: 2, answerMs: 40 },
    });
    const message = await window.settled();
    expect(window.received.map(({ type }) => type)).toEqual(['started', 'loading', 'delta', 'delta', 'settled']);
    expect(message).toMatchObject({
      state: 'done',
      source: scriptedSource,
      error: null,
      parts: [
        { type: 'thinking', text: 'hm' },
        { type: 'text', text: 'A lock.' },
      ],
      usage: { promptTokens: 5, answerTokens: 2, answerMs: 40, loadMs: null },
    });
    expect(message.usage?.firstTokenMs).toBeGreaterThanOrEqual(0);
    expect(message.usage?.totalMs).toBeGreaterThanOrEqual(message.usage?.firstTokenMs ?? Infinity);
    expect(await storage.getMessage(sent.answer.id)).toEqual(message);
  });

  it('gives the engine the whole path in a conversation that goes on', async () => {
    const first = await scene.ask('one');
    (await scene.run(0)).answer('first');
    await scene.follow(first.answer.id).settled();
    const second = await scene.ask('two', first.conversation.id);
    expect(second.question.parentId).toBe(first.answer.id);
    expect((await scene.run(1)).messages).toEqual([
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'first' },
      { role: 'user', content: 'two' },
    ]);
  });

  it('sees what an answer that is still being written has so far', async () => {
    scene.backends.planWith(() => Promise.resolve({ ...scriptedPlan, concurrency: 2 }));
    const first = await scene.ask('one');
    (await scene.run(0)).say(sourceEvent, textEvent('so far'));
    await scene.follow(first.answer.id).text('so far');
    await scene.ask('two', first.conversation.id);
    expect((await scene.run(1)).messages[1]).toEqual({ role: 'assistant', content: 'so far' });
  });

  it('puts two questions at once one after the other', async () => {
    const { conversation } = await scene.ask('one');
    const [second, third] = await Promise.all([scene.ask('two', conversation.id), scene.ask('three', conversation.id)]);
    expect(third.question.parentId).toBe(second.answer.id);
  });

  it.each(['', '  \n\t '])('refuses an empty question (%j) and stores nothing', async (text) => {
    const before = await storage.facts();
    await expect(scene.ask(text)).rejects.toMatchObject({ code: 'question_empty' });
    expect(await storage.facts()).toEqual(before);
  });

  it('refuses a question beyond the limit and names it', async () => {
    const before = await storage.facts();
    await expect(scene.ask('x'.repeat(QUESTION_MAX_CHARS + 1))).rejects.toMatchObject({
      code: 'question_too_long',
      params: { chars: QUESTION_MAX_CHARS + 1, limit: QUESTION_MAX_CHARS },
    });
    expect((await storage.facts()).messages).toBe(before.messages);
  });

  it('takes a question of 5 MB', async () => {
    const text = 'word '.repeat(1_000_000);
    const sent = await scene.ask(text);
    expect((await scene.run(0)).messages[0]?.content).toBe(text);
    expect(textOf(await storage.getMessage(sent.question.id))).toBe(text);
  });

  it('refuses a wrong backend URL before anything is stored', async () => {
    scene.backends.planWith(() => Promise.reject(new HearthError('backend_url_invalid', { url: 'x', reason: 'y' })));
    const before = await storage.facts();
    await expect(scene.ask('hello')).rejects.toMatchObject({ code: 'backend_url_invalid' });
    expect(await storage.facts()).toEqual(before);
  });

  it('keeps the question when no engine can answer', async () => {
    scene.backends.planWith(() => Promise.reject(new HearthError('no_backend', { reasons: 'None.' })));
    const sent = await scene.ask('hello');
    const message = await scene.follow(sent.answer.id).settled();
    expect(message).toMatchObject({ state: 'failed', error: { code: 'no_backend' }, source: null });
    expect(textOf(await storage.getMessage(sent.question.id))).toBe('hello');
  });

  it('refuses an unknown conversation', async () => {
    await expect(scene.ask('hello', newConversationId())).rejects.toMatchObject({ code: 'not_found' });
    expect(scene.backends.runs).toEqual([]);
  });

  it('passes the wish for a backend and a model on', async () => {
    const plan = vi.fn<ChatScene['backends']['plan']>(() => Promise.resolve(scriptedPlan));
    scene.backends.planWith(plan);
    await scene.chat.send({ conversationId: null, text: 'hi', backend: 'demo://', model: 'm' }, 'cli');
    expect(plan.mock.calls[0]?.[0]).toMatchObject({ backend: 'demo://', model: 'm' });
  });
});

describe('waiting in the queue', () => {
  it('tells the place, and starts when the one before has ended', async () => {
    const first = await scene.ask('one');
    const second = await scene.ask('two');
    const window = scene.follow(second.answer.id);
    await vi.waitFor(() =>
      expect(window.received).toMatchObject([{ type: 'snapshot', place: { position: 1, etaMs: null, running: 1 } }]),
    );
    expect(scene.backends.runs).toHaveLength(1);
    (await scene.run(0)).answer('done');
    await scene.follow(first.answer.id).settled();
    (await scene.run(1)).answer('too');
    expect(textOf(await window.settled())).toBe('too');
  });

  it('tells a place that changes', async () => {
    await scene.ask('one');
    const second = await scene.ask('two');
    const third = await scene.ask('three');
    const window = scene.follow(third.answer.id, 0);
    await vi.waitFor(() => expect(window.received).toMatchObject([{ type: 'queued', place: { position: 2 } }]));
    await scene.chat.stop(second.answer.id);
    await vi.waitFor(() => expect(window.received.at(-1)).toMatchObject({ type: 'queued', place: { position: 1 } }));
  });
});

describe('stopping', () => {
  it('takes a waiting answer out of the queue', async () => {
    await scene.ask('one');
    const { answer } = await scene.ask('two');
    await scene.chat.stop(answer.id);
    expect(await storage.getMessage(answer.id)).toMatchObject({
      state: 'stopped',
      parts: [],
      error: null,
      usage: null,
    });
    expect(scene.queue.status().lanes).toMatchObject([{ running: 1, waiting: 0 }]);
  });

  it('ends an answer before its first token', async () => {
    const { answer } = await scene.ask('one');
    const run = await scene.run(0);
    const window = scene.follow(answer.id, 0);
    run.say(sourceEvent);
    await vi.waitFor(() => expect(window.received).toMatchObject([{ type: 'started' }]));
    await scene.chat.stop(answer.id);
    expect(run.signal.aborted).toBe(true);
    expect(await storage.getMessage(answer.id)).toMatchObject({ state: 'stopped', parts: [], source: scriptedSource });
  });

  it('keeps what has come of an answer, and may be said twice', async () => {
    const { answer } = await scene.ask('one');
    const window = scene.follow(answer.id);
    (await scene.run(0)).say(sourceEvent, textEvent('half an '), textEvent('answer'));
    await window.text('half an answer');
    await Promise.all([scene.chat.stop(answer.id), scene.chat.stop(answer.id)]);
    await scene.chat.stop(answer.id);
    expect(await window.settled()).toMatchObject({ state: 'stopped', error: null });
    expect(textOf(await storage.getMessage(answer.id))).toBe('half an answer');
  });

  it('does nothing to an answer that is settled or unknown', async () => {
    const { answer } = await scene.ask('one');
    (await scene.run(0)).answer('whole');
    await scene.follow(answer.id).settled();
    await scene.chat.stop(answer.id);
    await scene.chat.stop(newMessageId());
    expect(await storage.getMessage(answer.id)).toMatchObject({ state: 'done' });
  });
});

describe('attaching', () => {
  it('shows a reloaded window the text so far and the rest, once', async () => {
    const { answer } = await scene.ask('one');
    const before = scene.follow(answer.id);
    const run = await scene.run(0);
    run.say(sourceEvent, textEvent('one '), textEvent('two '));
    await before.text('one two ');
    const after = scene.follow(answer.id);
    await after.text('one two ');
    expect(after.received).toMatchObject([{ type: 'snapshot', message: { state: 'streaming' } }]);
    run.say(textEvent('three'), { type: 'done', reason: 'stop', usage: noUsage });
    await Promise.all([before.ended, after.ended]);
    expect([textIn(before.received), textIn(after.received)]).toEqual(['one two three', 'one two three']);
  });

  it('tells a window that comes while the model is loading that it is', async () => {
    const { answer } = await scene.ask('one');
    const before = scene.follow(answer.id, 0);
    (await scene.run(0)).say(sourceEvent, { type: 'loading', model: 'tiny' });
    await vi.waitFor(() => expect(before.received).toHaveLength(2));
    const after = scene.follow(answer.id);
    await vi.waitFor(() =>
      expect(after.received).toMatchObject([
        { type: 'snapshot', message: { source: scriptedSource } },
        { type: 'loading', model: 'tiny' },
      ]),
    );
  });

  it('tells a window that comes while the prompt is read since when, and those in line why they wait', async () => {
    const first = await scene.ask('one');
    const second = await scene.ask('two');
    const before = scene.follow(first.answer.id, 0);
    const waiting = scene.follow(second.answer.id, 0);
    const known = { model: 'tiny', tokens: 900, readTokens: null, expectedMs: 40_000, isLate: false, behind: null };
    (await scene.run(0)).say(sourceEvent, { type: 'reading', ...known });
    await vi.waitFor(() => expect(before.received.at(-1)).toMatchObject({ type: 'reading', ...known }));
    const after = scene.follow(first.answer.id);
    await vi.waitFor(() => expect(after.received).toMatchObject([{ type: 'snapshot' }, before.received.at(-1)]));
    await vi.waitFor(() =>
      expect(waiting.received.at(-1)).toMatchObject({ place: { position: 1, etaMs: 40_000, busyWith: 'reading' } }),
    );
    (await scene.run(0)).say({ type: 'reading', ...known, behind: 'stopped' });
    await vi.waitFor(() => expect(waiting.received.at(-1)).toMatchObject({ place: { busyWith: 'stopped' } }));
    (await scene.run(0)).say(textEvent('a'));
    await vi.waitFor(() => expect(waiting.received.at(-1)).not.toHaveProperty('place.busyWith'));
  });

  it('replays from where a window was', async () => {
    const { answer } = await scene.ask('one');
    const first = scene.follow(answer.id, 0);
    const run = await scene.run(0);
    run.say(sourceEvent, textEvent('one '), textEvent('two '));
    await first.text('one two ');
    const delta = first.received.find(({ type }) => type === 'delta');
    const again = scene.follow(answer.id, delta?.seq);
    await again.text('two ');
    expect(again.received).toMatchObject([{ type: 'delta', text: 'two ' }]);
  });

  it.each([undefined, 0, 7])('gives the stored end of a settled answer (after %s)', async (afterSeq) => {
    const { answer } = await scene.ask('one');
    (await scene.run(0)).answer('whole');
    await scene.follow(answer.id).settled();
    const events = await scene.follow(answer.id, afterSeq).ended;
    expect(events).toMatchObject([{ type: 'settled', message: { state: 'done' } }]);
    expect(events[0]?.seq).toBeGreaterThan(afterSeq ?? 0);
  });

  it('refuses an unknown message', async () => {
    await expect(scene.follow(newMessageId()).ended).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes on writing when nobody watches', async () => {
    const { answer } = await scene.ask('one');
    const abort = new AbortController();
    const iterator = scene.chat.attach({ messageId: answer.id }, abort.signal)[Symbol.asyncIterator]();
    await iterator.next();
    abort.abort();
    expect((await iterator.next()).done).toBe(true);
    (await scene.run(0)).answer('written anyway');
    await vi.waitFor(async () => expect(await storage.getMessage(answer.id)).toMatchObject({ state: 'done' }));
  });

  it('takes what a window has seen, also from windows it does not know', async () => {
    const { answer } = await scene.ask('one');
    const attachmentId = crypto.randomUUID();
    const abort = new AbortController();
    const iterator = scene.chat.attach({ messageId: answer.id, attachmentId }, abort.signal)[Symbol.asyncIterator]();
    const first = await iterator.next();
    expect(first.value).toMatchObject({ type: 'snapshot' });
    scene.chat.seen(attachmentId, 0);
    scene.chat.seen(crypto.randomUUID(), 12);
    abort.abort();
    expect((await iterator.next()).done).toBe(true);
  });
});

describe('asking again', () => {
  it('writes a new answer beside the first', async () => {
    const first = await scene.ask('one');
    (await scene.run(0)).fail(new HearthError('backend_empty', { host: 'h', backend: 'Ollama' }));
    await scene.follow(first.answer.id).settled();
    const { answer } = await scene.chat.retry(first.answer.id, 'window');
    expect(answer).toMatchObject({ parentId: first.question.id, state: 'waiting' });
    const run = await scene.run(1);
    expect(run.messages).toEqual([{ role: 'user', content: 'one' }]);
    run.answer('now it works');
    expect(textOf(await scene.follow(answer.id).settled())).toBe('now it works');
    const { messages } = await scene.conversations.get(first.conversation.id);
    expect(messages.map(({ id }) => id)).toEqual([first.question.id, answer.id]);
  });

  it('refuses questions and unknown messages', async () => {
    const { question } = await scene.ask('one');
    await expect(scene.chat.retry(question.id, 'window')).rejects.toMatchObject({ code: 'bad_request' });
    await expect(scene.chat.retry(newMessageId(), 'window')).rejects.toMatchObject({ code: 'not_found' });
  });
});
