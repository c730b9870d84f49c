// One window (or terminal) that follows one answer: replay from where it was, then live.
import type { QueuePlace, TurnEvent } from '../../contract/chat.ts';
import type { Message } from '../../contract/conversations.ts';
import type { EventLog } from './event-log.ts';
import { createPacing } from './pacing.ts';

/** What of a turn can be followed. */
export interface Followed {
  readonly events: EventLog;
  /** The answer as it is now. */
  snapshot(): { message: Message; place: QueuePlace | null };
}

export interface AttachmentOptions {
  /** The last event the reader has; without it the first one is a snapshot. */
  afterSeq: number | undefined;
  /** How many messages may be under way unseen; Infinity without back-pressure. */
  seenWindow: number;
  /** Ends the iteration, also while it waits. */
  signal: AbortSignal;
  elapsedMs: () => number;
}

export interface Attachment {
  /** Ends after `settled` or when the signal aborts. To be iterated once. */
  readonly events: AsyncGenerator<TurnEvent, void>;
  seen(seq: number): void;
}

/** Events are taken from the turn's log only when the reader asks for one: a slow reader costs no memory. */
export function attachTo(turn: Followed, { afterSeq, seenWindow, signal, elapsedMs }: AttachmentOptions): Attachment {
  const pacing = createPacing({ elapsedMs, seenWindow });
  let wake = () => {};
  let isIdle = false;

  /** Waits for the time to pass, for `seen`, or for the signal; with null for the next event instead of the time. */
  async function pause(waitMs: number | null): Promise<void> {
    isIdle = waitMs === null;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (waitMs !== null) timer = setTimeout(resolve, Math.ceil(waitMs));
    });
    clearTimeout(timer);
    isIdle = false;
  }

  async function* follow(): AsyncGenerator<TurnEvent, void> {
    const log = turn.events;
    const stopListening = log.onAppend(() => {
      // A token that comes while a frame's time runs out waits with the others.
      if (isIdle) wake();
    });
    const onAbort = () => wake();
    signal.addEventListener('abort', onAbort);
    try {
      let cursor = Math.min(afterSeq ?? Infinity, log.lastSeq());
      if (log.isOver()) {
        // Whoever attaches to the end gets the end, also a second time.
        cursor = Math.min(cursor, log.lastSeq() - 1);
      } else if (afterSeq === undefined || afterSeq > cursor) {
        cursor = log.snapshotSeq();
        pacing.sent(cursor);
        yield { type: 'snapshot', seq: cursor, ...turn.snapshot() };
      }
      for (;;) {
        if (signal.aborted) return;
        const urgency = log.urgency(cursor);
        const waitMs = urgency === null ? null : pacing.waitMs(urgency);
        const event = waitMs === 0 ? log.next(cursor) : null;
        if (event === null) {
          await pause(waitMs);
          continue;
        }
        cursor = event.seq;
        pacing.sent(event.seq);
        yield event;
        if (event.type === 'settled') return;
      }
    } finally {
      stopListening();
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    events: follow(),
    seen(seq) {
      pacing.seen(seq);
      if (!isIdle) wake();
    },
  };
}
