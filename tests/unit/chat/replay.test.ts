// A window may come, go and come back whenever it likes: it always ends up with exactly the answer.
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TurnEvent } from '../../../src/contract/chat.ts';
import type { Message } from '../../../src/contract/conversations.ts';
import { SEEN_WINDOW } from '../../../src/contract/limits.ts';
import { attachTo } from '../../../src/main/chat/attachment.ts';
import { createDraft } from '../../../src/main/chat/draft.ts';
import { createEventLog } from '../../../src/main/chat/event-log.ts';
import { newConversationId, newMessageId } from '../../support/answers.ts';
import { scriptedSource } from '../../support/scripted-backends.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

type Step =
  | { do: 'token'; kind: 'text' | 'thinking'; text: string }
  | { do: 'relabel'; as: 'text' | 'thinking' }
  | { do: 'wait'; ms: number }
  | { do: 'attach'; from: 'nothing' | 'last seen' | 'start' }
  | { do: 'detach' | 'say seen' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('token' as const),
      kind: fc.constantFrom('text' as const, 'text' as const, 'thinking' as const),
      text: fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('relabel' as const),
      as: fc.constantFrom('text' as const, 'thinking' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('attach' as const),
      from: fc.constantFrom('nothing' as const, 'last seen' as const, 'start' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('detach' as const, 'say seen' as const) }) },
);

/** What a window holds, built from events alone. */
interface Held {
  text: string;
  thinking: string;
  seq: number;
  settled: Message | null;
}

function partOf(message: Message, type: 'text' | 'thinking'): string {
  return message.parts.find((part) => part.type === type)?.text ?? '';
}

function apply(held: Held, event: TurnEvent): void {
  // A snapshot stands for everything; the last event may follow it a second time.
  if (event.type !== 'snapshot') expect(event.seq).toBeGreaterThanOrEqual(held.seq);
  held.seq = event.seq;
  if (event.type === 'snapshot') {
    held.text = partOf(event.message, 'text');
    held.thinking = partOf(event.message, 'thinking');
  } else if (event.type === 'delta') {
    held.text += event.text ?? '';
    held.thinking += event.thinking ?? '';
  } else if (event.type === 'relabel') {
    const all = held.thinking + held.text;
    Object.assign(held, { thinking: '', text: '', [event.as]: all });
  } else if (event.type === 'settled') held.settled = event.message;
}

it('loses and doubles no character, wherever a window detaches and attaches', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), fc.boolean(), async (steps, hasSeenWindow) => {
      const log = createEventLog();
      const start = {
        id: newMessageId(),
        conversationId: newConversationId(),
        parentId: newMessageId(),
        createdAtMs: 0,
      };
      const draft = createDraft(start, () => performance.now());
      const turn = { events: log, snapshot: () => ({ message: draft.message(), place: null }) };
      const held: Held = { text: '', thinking: '', seq: 0, settled: null };
      let detach = () => {};
      let sayAllSeen = () => {};

      function attach(from: 'nothing' | 'last seen' | 'start'): void {
        detach();
        if (from === 'start') Object.assign(held, { text: '', thinking: '', seq: 0 });
        const abort = new AbortController();
        const attachment = attachTo(turn, {
          afterSeq: from === 'nothing' ? undefined : held.seq,
          seenWindow: hasSeenWindow ? SEEN_WINDOW : Infinity,
          signal: abort.signal,
          elapsedMs: () => performance.now(),
        });
        let isHere = true;
        detach = () => {
          isHere = false;
          abort.abort();
        };
        sayAllSeen = () => attachment.seen(held.seq);
        void (async () => {
          for await (const event of attachment.events) {
            // A message that is under way to a window that has gone reaches nobody.
            if (isHere) apply(held, event);
          }
        })();
      }

      const isRelabelled = steps.some((one) => one.do === 'relabel');
      log.append({ type: 'started', source: scriptedSource, sinceMs: 1 });
      attach('nothing');
      for (const current of steps) {
        if (current.do === 'token') {
          draft.add(current.kind, current.text);
          log.append({ type: 'delta', [current.kind]: current.text });
        } else if (current.do === 'relabel') {
          draft.relabel(current.as);
          log.append({ type: 'relabel', as: current.as });
        } else if (current.do === 'wait') await vi.advanceTimersByTimeAsync(current.ms);
        else if (current.do === 'attach') attach(current.from);
        else if (current.do === 'detach') detach();
        else sayAllSeen();
        await vi.advanceTimersByTimeAsync(0);
        // Until it hears of it a window shows what has another name by now.
        if (!isRelabelled) expect(draft.text('text').startsWith(held.text)).toBe(true);
      }
      attach('last seen');
      log.append({ type: 'settled', message: draft.message({ state: 'done', error: null, settledAtMs: 1 }) });
      await vi.advanceTimersByTimeAsync(5_000);
      expect(held.text).toBe(draft.text('text'));
      expect(held.thinking).toBe(draft.text('thinking'));
      expect(held.settled && partOf(held.settled, 'text')).toBe(draft.text('text'));
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 150 },
  );
});
