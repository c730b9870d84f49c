// Every answer has an end, and one that was cut says why.
import { expect, test } from 'vitest';
import type { AnswerUsage } from '../../../src/contract/conversations.ts';
import { ended, type EndingOptions } from '../../../src/main/backends/ending/ending.ts';
import type { ChatEvent } from '../../../src/main/backends/interface.ts';
import { noUsage } from '../../support/scripted-backends.ts';

const text = (words: string): ChatEvent => ({ type: 'text', text: words });
const done = (reason: 'stop' | 'length', usage: Partial<AnswerUsage> = {}): ChatEvent => ({
  type: 'done',
  reason,
  usage: { ...noUsage, ...usage },
});

/** An engine that says this and, unless it says `done`, would go on for ever. */
function engine(events: (index: number) => ChatEvent) {
  const seen = { said: 0, wasLeft: false };
  async function* stream(): AsyncIterable<ChatEvent> {
    try {
      for (;;) {
        const event = events(seen.said++);
        yield event;
        if (event.type === 'done') return;
        // Like a token that is not there yet.
        await Promise.resolve();
      }
    } finally {
      seen.wasLeft = true;
    }
  }
  return { stream, seen };
}

async function heard(stream: AsyncIterable<ChatEvent>, options: Partial<EndingOptions> & { question?: string } = {}) {
  const { question = 'Why?', maxTokens = null } = options;
  const request = options.request ?? { messages: [{ role: 'user' as const, content: question }] };
  const events: ChatEvent[] = [];
  for await (const event of ended(stream, { request, maxTokens })) events.push(event);
  return events;
}

test.each([
  ['stop', {}, undefined],
  ['length', { answerTokens: 4_096 }, { why: 'length', limitTokens: 4_096 }],
  ['length', {}, { why: 'length', limitTokens: null }],
  // The backend knows better.
  [
    'length',
    { answerTokens: 300, cut: { why: 'context', limitTokens: 2_048 } },
    { why: 'context', limitTokens: 2_048 },
  ],
] as const)('an engine that ends with %s and %o', async (reason, usage, cut) => {
  const { stream } = engine((index) => (index === 0 ? text('Because.') : done(reason, usage)));
  const last = (await heard(stream())).at(-1);
  expect(last).toMatchObject({ type: 'done', reason });
  expect(last?.type === 'done' ? last.usage.cut : null).toEqual(cut);
});

test.each(['text', 'thinking'] as const)('%s that repeats itself is stopped, and the engine with it', async (type) => {
  const { stream, seen } = engine(() => ({ type, text: 'Again. ' }));
  const events = await heard(stream());
  expect(events.at(-1)).toMatchObject({ type: 'done', usage: { cut: { why: 'repetition', limitTokens: null } } });
  expect(seen.wasLeft).toBe(true);
  // Nothing of what came is lost.
  expect(events).toHaveLength(seen.said + 1);
});

test('an engine that knows no limit is stopped at it', async () => {
  const { stream, seen } = engine((index) => text(`${index}, `));
  const events = await heard(stream(), { maxTokens: 500 });
  expect(events.at(-1)).toMatchObject({ type: 'done', usage: { cut: { why: 'length', limitTokens: 500 } } });
  expect(seen.wasLeft).toBe(true);
  expect(seen.said).toBeLessThan(600);
});

test('single characters are no tokens', async () => {
  const { stream } = engine((index) => (index < 900 ? text(String(index % 7)) : done('stop')));
  expect((await heard(stream(), { maxTokens: 500 })).at(-1)).toEqual(done('stop'));
});

test('an engine that keeps to the limit says so itself', async () => {
  const { stream } = engine((index) => (index < 500 ? text(`${index}, `) : done('length', { answerTokens: 500 })));
  const last = (await heard(stream(), { maxTokens: 500 })).at(-1);
  expect(last).toEqual(done('length', { answerTokens: 500, cut: { why: 'length', limitTokens: 500 } }));
});

test('what comes in one piece has ended already', async () => {
  const whole = 'Again. '.repeat(2_000);
  const { stream } = engine((index) => (index === 0 ? text(whole) : done('stop')));
  const request = { messages: [], delivery: 'whole' as const };
  expect(await heard(stream(), { request, maxTokens: 10 })).toEqual([text(whole), done('stop')]);
});

test('what was asked for many times over is let be for longer', async () => {
  const line = 'I will not talk in class.\n';
  const { stream } = engine((index) => (index < 100 ? text(line) : done('stop')));
  const events = await heard(stream(), { question: 'Write “I will not talk in class.” 100 times' });
  expect(events.at(-1)).toEqual(done('stop'));
});
