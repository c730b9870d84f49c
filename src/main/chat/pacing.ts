// How often one attachment gets a message: a frame apart, and rarely when its window does not keep up.
import type { Urgency } from './event-log.ts';

/**
 * Some 25 messages a second, however fast the tokens come: more than anybody reads, and each one costs main, the window and the
 * screen a part of a core that an engine on this computer has better use for (bench stream-cost).
 */
export const FRAME_MS = 40;
/** A window that does not say `seen` (hidden, or too slow) still advances this often. */
export const UNSEEN_EVERY_MS = 1_000;

export interface PacingOptions {
  /** Milliseconds of a clock that never goes back. */
  elapsedMs: () => number;
  /** How many messages may be under way unseen; Infinity for a reader that never says what it has seen. */
  seenWindow: number;
}

export interface Pacing {
  /** How long the next message has to wait, in milliseconds; 0 when it may go. */
  waitMs(urgency: Urgency): number;
  sent(seq: number): void;
  /** Everything up to `seq` has been drawn. */
  seen(seq: number): void;
}

export function createPacing({ elapsedMs, seenWindow }: PacingOptions): Pacing {
  /** Sequence numbers of messages under way, in order. */
  let unseen: number[] = [];
  let lastSentMs = -Infinity;
  return {
    waitMs(urgency) {
      const everyMs = unseen.length >= seenWindow ? UNSEEN_EVERY_MS : urgency === 'now' ? 0 : FRAME_MS;
      return Math.max(0, lastSentMs + everyMs - elapsedMs());
    },
    sent(seq) {
      lastSentMs = elapsedMs();
      if (seenWindow !== Infinity) unseen.push(seq);
    },
    seen(seq) {
      unseen = unseen.filter((sentSeq) => sentSeq > seq);
    },
  };
}
