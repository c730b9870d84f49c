import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TurnEvent } from '../../../src/contract/chat.ts';
import { SEEN_WINDOW } from '../../../src/contract/limits.ts';
import { attachTo } from '../../../src/main/chat/attachment.ts';
import { createEventLog } from '../../../src/main/chat/event-log.ts';
import { FRAME_MS } from '../../../src/main/chat/pacing.ts';
import { answerMessage } from '../../support/answers.ts';
import { scriptedSource } from '../../support/scripted-backends.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function follow(options: { afterSeq?: number; seenWindow?: number } = {}) {
  const log = createEventLog();
  const message = answerMessage('streaming', 'so far');
  const abort = new AbortController();
  const attachment = attachTo(
    { events: log, snapshot: () => ({ message, place: null }) },
    {
      afterSeq: options.afterSeq ?? 0,
      seenWindow: options.seenWindow ?? Infinity,
      signal: abort.signal,
      elapsedMs: () => performance.now(),
    },
  );
  const received: TurnEvent[] = [];
  const texts = () => received.flatMap((event) => (event.type === 'delta' ? [event.text ?? ''] : []));
  const ended = (async () => {
    for await (const event of attachment.events) received.push(event);
  })();
  return {
    log,
    received,
    texts,
    ended,
    abort,
    seen: (seq: number) => attachment.seen(seq),
    say: (text: string) => log.append({ type: 'delta', text }),
    settle: () => log.append({ type: 'settled', message }),
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
}

describe('an attachment', () => {
  it('sends the first token at once, even right after another message', async () => {
    const { log, say, texts, received, pass } = follow();
    await pass(0);
    log.append({ type: 'started', source: scriptedSource, sinceMs: 1 });
    await pass(0);
    say('a');
    say('b');
    await pass(0);
    expect(received.map(({ type }) => type)).toEqual(['started', 'delta']);
    expect(texts()).toEqual(['a']);
    await pass(FRAME_MS);
    expect(texts()).toEqual(['a', 'b']);
  });

  it('sends a token at once when a frame has passed since the last message', async () => {
    const { say, texts, pass } = follow();
    say('a');
    await pass(100);
    say('b');
    await pass(0);
    expect(texts()).toEqual(['a', 'b']);
  });

  it.each([200, 1_000])('sends at most 25 messages in a second at %i tokens a second', async (perSecond) => {
    const { say, texts, pass } = follow();
    for (let i = 0; i < perSecond; i++) {
      say('x');
      await pass(1_000 / perSecond);
    }
    expect(texts().length).toBeLessThanOrEqual(1 + 1_000 / FRAME_MS);
    expect(texts().length).toBeGreaterThan(20);
    await pass(FRAME_MS);
    expect(texts().join('')).toHaveLength(perSecond);
  });

  it('gives a reader that says nothing only so many, then one larger message a second', async () => {
    const { say, texts, received, pass, seen } = follow({ seenWindow: SEEN_WINDOW });
    for (let i = 0; i < 3_000; i++) {
      say('x');
      await pass(1);
    }
    // 32 messages take a good second, then there is one a second.
    expect(texts()).toHaveLength(SEEN_WINDOW + 1);
    expect(texts().at(-1)).toHaveLength(1_000);
    seen(received.at(-1)?.seq ?? 0);
    await pass(0);
    expect(texts()).toHaveLength(SEEN_WINDOW + 2);
    say('y');
    await pass(FRAME_MS);
    expect(texts()).toHaveLength(SEEN_WINDOW + 3);
  });

  it('stays at full pace for a reader that keeps up', async () => {
    const { say, texts, received, pass, seen } = follow({ seenWindow: SEEN_WINDOW });
    for (let i = 0; i < 2_000; i++) {
      say('x');
      await pass(1);
      if (received.length % 16 === 0) seen(received.at(-1)?.seq ?? 0);
    }
    expect(texts().length).toBeGreaterThan(40);
  });

  it('starts with a snapshot when the reader has nothing, then goes on live', async () => {
    const log = createEventLog();
    log.append({ type: 'delta', text: 'so far' });
    const abort = new AbortController();
    const { events } = attachTo(
      { events: log, snapshot: () => ({ message: answerMessage('streaming', 'so far'), place: null }) },
      { afterSeq: undefined, seenWindow: Infinity, signal: abort.signal, elapsedMs: () => performance.now() },
    );
    expect((await events.next()).value).toMatchObject({ type: 'snapshot', seq: 1 });
    log.append({ type: 'delta', text: ' on' });
    const next = events.next();
    await vi.advanceTimersByTimeAsync(FRAME_MS);
    expect((await next).value).toEqual({ type: 'delta', seq: 2, text: ' on' });
  });

  it('starts with a snapshot when the reader has more than there is', async () => {
    const { received, pass } = follow({ afterSeq: 99 });
    await pass(0);
    expect(received).toMatchObject([{ type: 'snapshot', seq: 0 }]);
  });

  it('ends after `settled`', async () => {
    const { say, settle, received, ended, pass } = follow();
    say('a');
    settle();
    await pass(FRAME_MS + 4);
    await ended;
    expect(received.map(({ type }) => type)).toEqual(['delta', 'settled']);
  });

  it.each(['while it waits for a token', 'while it waits for a frame'])('ends on its signal %s', async (when) => {
    const { say, abort, ended, texts, pass } = follow();
    say('a');
    await pass(0);
    if (when.endsWith('frame')) say('b');
    await pass(1);
    abort.abort();
    await ended;
    expect(texts()).toEqual(['a']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
