// Everything that happened to one answer, in order: each attachment reads it at its own pace from its own place.
import type { TurnEvent } from '../../contract/chat.ts';

type WithoutSeq<E> = E extends TurnEvent ? Omit<E, 'seq'> : never;
/** What is logged: every event but the snapshot, which is made for the one who asks. */
export type LoggedEvent = WithoutSeq<Exclude<TurnEvent, { type: 'snapshot' }>>;

/** `now`: goes out at once. `frame`: may be merged with what else arrives within a frame. */
export type Urgency = 'now' | 'frame';

export interface EventLog {
  /** 0 while nothing has happened. */
  lastSeq(): number;
  /**
   * Up to where a snapshot of the answer tells everything. It can't tell since when the engine is asked, or that it loads its
   * model or reads the prompt: while that is the last thing that happened, the reader of the snapshot gets it again.
   */
  snapshotSeq(): number;
  /** Whether the last event is `settled`. */
  isOver(): boolean;
  append(event: LoggedEvent): void;
  /**
   * The next message for a reader that has everything up to `afterSeq`; null when there is nothing new. Neighbouring deltas
   * become one (only the very first stays alone), and a place in the queue or a reading that is no longer true is left out.
   */
  next(afterSeq: number): TurnEvent | null;
  /** How urgent that message is; null when there is none. Looks at one or two events, never at the text. */
  urgency(afterSeq: number): Urgency | null;
  onAppend(listener: () => void): () => void;
}

/** An empty log. The event at index i has the sequence number i + 1; a token costs one push. */
export function createEventLog(): EventLog {
  const events: LoggedEvent[] = [];
  const listeners = new Set<() => void>();
  let firstDeltaIndex = -1;

  /** Where the next message starts: behind places and readings that something newer replaces. */
  function startAfter(afterSeq: number): number {
    let index = afterSeq;
    while (isPassing(events[index]) && index + 1 < events.length) index++;
    return index;
  }

  function mergedDeltas(from: number): TurnEvent {
    const thinking: string[] = [];
    const text: string[] = [];
    let index = from;
    for (; ; index++) {
      const event = events[index];
      if (event?.type !== 'delta' || (index > from && from === firstDeltaIndex)) break;
      if (event.thinking !== undefined) thinking.push(event.thinking);
      if (event.text !== undefined) text.push(event.text);
    }
    return {
      type: 'delta',
      seq: index,
      ...(thinking.length > 0 && { thinking: thinking.join('') }),
      ...(text.length > 0 && { text: text.join('') }),
    };
  }

  return {
    lastSeq: () => events.length,
    snapshotSeq: () => (isWait(events.at(-1)) ? events.length - 1 : events.length),
    isOver: () => events.at(-1)?.type === 'settled',
    append(event) {
      if (event.type === 'delta' && firstDeltaIndex === -1) firstDeltaIndex = events.length;
      events.push(event);
      for (const listener of listeners) listener();
    },
    next(afterSeq) {
      const index = startAfter(afterSeq);
      const event = events[index];
      if (event === undefined) return null;
      return event.type === 'delta' ? mergedDeltas(index) : { ...event, seq: index + 1 };
    },
    urgency(afterSeq) {
      const index = startAfter(afterSeq);
      const event = events[index];
      if (event === undefined) return null;
      return event.type === 'delta' && index !== firstDeltaIndex ? 'frame' : 'now';
    },
    onAppend(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** Whether it says nothing any more once something else has happened. */
function isPassing(event: LoggedEvent | undefined): boolean {
  return event?.type === 'queued' || event?.type === 'reading';
}

/** Whether an engine was asked and has said nothing yet. */
function isWait(event: LoggedEvent | undefined): boolean {
  return event?.type === 'started' || event?.type === 'loading' || event?.type === 'reading';
}
