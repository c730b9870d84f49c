// How long a chat stays in the bin, in days as people count them.
import type { InBin } from '../../../contract/conversations.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Begun days count; 0 when its time is over and the next start of Hearth deletes it for good. */
export function daysLeft({ goneAtMs }: InBin, nowMs: number): number {
  return Math.max(0, Math.ceil((goneAtMs - nowMs) / DAY_MS));
}
