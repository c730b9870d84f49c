// Following an answer: nothing lost, nothing doubled, however the connection is cut.
import { array, assert, asyncProperty, nat, string } from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SEEN_EVERY, SEEN_WINDOW } from '../../../src/contract/chat.ts';
import type { TurnEvent } from '../../../src/contract/chat.ts';
import { afterEvents, liveAnswer } from '../../../src/renderer/features/chat/live.ts';
import { followAnswer } from '../../../src/renderer/features/chat/stream.ts';
import type { Schedule } from '../../../src/renderer/features/chat/drawing-pace.ts';
import type { AnswerPort, FollowInput } from '../../../src/renderer/features/chat/stream.ts';
import { answerMessage, deltas, settledAs, textOf } from '../../support/answers.ts';

const answer = answerMessage();
const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

/** A flush in a task of its own, as a frame would be. */
const nextTask: Schedule = (flush) => {
  const timer = setTimeout(flush, 0);
  return () => clearTimeout(timer);
};

/** Replays a journal from `afterSeq`; `cutAfter` gives, per attachment, how many events it lets through before it dies. */
function journalPort(journal: TurnEvent[], cutAfter: number[], overlap = 0) {
  const attachments: { attachmentId: string | undefined; afterSeq: number | undefined }[] = [];
  const seen: { attachmentId: string; seq: number }[] = [];
  const port: AnswerPort = {
    attach: async (input) => {
      const cut = cutAfter[attachments.length];
      attachments.push({ attachmentId: input.attachmentId, afterSeq: input.afterSeq });
      return (async function* () {
        const from = Math.max(0, (input.afterSeq ?? 0) - overlap);
        let sent = 0;
        for (const event of journal.filter((each) => each.seq > from)) {
          if (cut !== undefined && sent >= cut) throw new Error('port closed');
          sent += 1;
          yield event;
        }
      })();
    },
    seen: async (input) => seen.push(input),
  };
  return { port, attachments, seen };
}

function follow(port: AnswerPort, more: Partial<FollowInput> = {}) {
  const batches: TurnEvent[][] = [];
  const lost = vi.fn<(error: unknown) => void>();
  const stop = followAnswer({
    messageId: answer.id,
    port: () => port,
    apply: (events) => batches.push(events),
    onLost: lost,
    schedule: nextTask,
    retryWaitsMs: Array.from({ length: 4 }, () => 1),
    ...more,
  });
  stops.push(stop);
  const events = () => batches.flat();
  const text = () => textOf(afterEvents(liveAnswer(answer), events(), 0).message);
  const settled = () => vi.waitFor(() => expect(events().at(-1)?.type).toBe('settled'), { interval: 2 });
  return { batches, events, text, lost, stop, settled };
}

describe('following an answer', () => {
  it('applies every event once and in order, in fewer batches than events', async () => {
    const journal = [
      ...deltas('The quick brown fox jumps over the lazy dog. '.repeat(5)),
      settledAs(answer, 'x', 10_000),
    ];
    const { port, attachments } = journalPort(journal, []);
    const followed = follow(port);
    await followed.settled();
    expect(followed.events()).toEqual(journal);
    expect(followed.batches.length).toBeLessThan(journal.length);
    expect(attachments).toHaveLength(1);
    expect(attachments[0]?.afterSeq).toBeUndefined();
  });

  it('loses and doubles no character wherever the connection is cut, even when the replay overlaps', async () => {
    await assert(
      asyncProperty(
        string({ minLength: 1, maxLength: 60, unit: 'grapheme' }),
        array(nat({ max: 12 }), { maxLength: 6 }),
        nat({ max: 5 }),
        async (text, cuts, overlap) => {
          const journal = deltas(text);
          const end = journal.length + 1;
          const { port } = journalPort([...journal, settledAs(answer, text, end)], cuts, overlap);
          const followed = follow(port, { retryWaitsMs: Array.from({ length: 10 }, () => 0) });
          await followed.settled();
          const streamed = followed.events().filter((event) => event.type === 'delta');
          expect(streamed.map((event) => event.text).join('')).toBe(text);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('attaches again after the last event it applied, under a new name', async () => {
    const journal = [...deltas('abcdef'), settledAs(answer, 'abcdef', 7)];
    const { port, attachments } = journalPort(journal, [3]);
    const followed = follow(port);
    await followed.settled();
    expect(attachments.map((each) => each.afterSeq)).toEqual([undefined, 3]);
    expect(new Set(attachments.map((each) => each.attachmentId)).size).toBe(2);
  });

  it('says how far it got only after that was applied, and before the window of unseen events is full', async () => {
    const journal = [...deltas('x'.repeat(SEEN_WINDOW * 3)), settledAs(answer, 'x', 1_000)];
    const appliedSeq = { last: 0 };
    const said: number[] = [];
    let unseen = 0;
    let release: (() => void) | undefined;
    const port: AnswerPort = {
      // Sends no more than the window allows, as main does.
      attach: async () =>
        (async function* () {
          for (const event of journal) {
            if (unseen >= SEEN_WINDOW) await new Promise<void>((resolve) => (release = resolve));
            unseen += 1;
            yield event;
          }
        })(),
      seen: async ({ seq }) => {
        expect(seq).toBe(appliedSeq.last);
        said.push(seq);
        unseen = 0;
        release?.();
      },
    };
    const followed = follow(port, {
      apply: (events) => {
        appliedSeq.last = events.at(-1)?.seq ?? 0;
        followed.batches.push(events);
      },
    });
    await followed.settled();
    expect(said.length).toBeGreaterThanOrEqual(3);
    expect(SEEN_EVERY).toBeLessThan(SEEN_WINDOW);
  });

  it('takes a snapshot as everything so far, even when its numbers start again', async () => {
    const settled = { ...answerMessage('done', 'kept'), id: answer.id };
    const port: AnswerPort = {
      attach: async (input) =>
        (async function* () {
          if (input.afterSeq !== undefined) {
            yield { type: 'snapshot', seq: 0, message: settled, place: null } satisfies TurnEvent;
            return;
          }
          yield* deltas('lost on the way');
          throw new Error('main started again');
        })(),
      seen: async () => undefined,
    };
    const followed = follow(port);
    await vi.waitFor(() => expect(followed.events().at(-1)?.type).toBe('snapshot'));
    expect(followed.text()).toBe('kept');
    expect(followed.lost).not.toHaveBeenCalled();
  });

  it('gives up after the last try, with the error', async () => {
    const attach = vi.fn<AnswerPort['attach']>().mockRejectedValue(new Error('no port'));
    const followed = follow({ attach, seen: async () => undefined }, { retryWaitsMs: [1, 1] });
    await vi.waitFor(() => expect(followed.lost).toHaveBeenCalledOnce());
    expect(followed.lost.mock.calls[0]?.[0]).toMatchObject({ message: 'no port' });
    expect(attach).toHaveBeenCalledTimes(3);
  });

  it('does not try again what cannot get better', async () => {
    const attach = vi.fn<AnswerPort['attach']>().mockRejectedValue(new Error('gone'));
    const followed = follow({ attach, seen: async () => undefined }, { isFinal: () => true });
    await vi.waitFor(() => expect(followed.lost).toHaveBeenCalledOnce());
    expect(attach).toHaveBeenCalledOnce();
  });

  it('counts tries anew once something arrived', async () => {
    const journal = [...deltas('abcdefgh'), settledAs(answer, 'abcdefgh', 9)];
    const { port } = journalPort(journal, [1, 1, 1, 1, 1, 1, 1]);
    const followed = follow(port, { retryWaitsMs: [1, 1] });
    await followed.settled();
    expect(followed.text()).toBe('abcdefgh');
  });

  it('gives an attachment that never answers a limited time', async () => {
    const attach = vi.fn<AnswerPort['attach']>().mockReturnValue(new Promise(() => undefined));
    const followed = follow({ attach, seen: async () => undefined }, { attachTimeoutMs: 5, retryWaitsMs: [1] });
    await vi.waitFor(() => expect(followed.lost).toHaveBeenCalledOnce());
    expect(attach).toHaveBeenCalledTimes(2);
    expect(attach.mock.calls[0]?.[1].signal.aborted).toBe(true);
  });

  it('ends with the view: main is told, and nothing is applied or tried afterwards', async () => {
    let release: (() => void) | undefined;
    let signal: AbortSignal | undefined;
    const attach = vi.fn<AnswerPort['attach']>(async (_input, options) => {
      signal = options.signal;
      return (async function* () {
        yield* deltas('ab');
        await new Promise<void>((resolve) => (release = resolve));
        yield* deltas('late');
        throw new Error('AsyncIdQueue was closed');
      })();
    });
    const followed = follow({ attach, seen: async () => undefined });
    await vi.waitFor(() => expect(followed.text()).toBe('ab'));
    followed.stop();
    expect(signal?.aborted).toBe(true);
    release?.();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(followed.text()).toBe('ab');
    expect(attach).toHaveBeenCalledOnce();
    expect(followed.lost).not.toHaveBeenCalled();
  });
});
