// A place in the queue as time passes: known to main, which tells it late, and to those who count down.
import type { QueuePlace } from './chat.ts';

/**
 * The place some time after it was told, when nothing has been heard since. The estimate counts down to what those ahead take
 * and no further: from then on what runs is late, and nobody knows how long it will be.
 *
 * @param ms since it was told
 */
export function placeAfter(place: QueuePlace, ms: number): QueuePlace {
  const { etaMs, thenMs = 0, behind } = place;
  const leftMs = etaMs === null ? null : etaMs - ms;
  const isLate = place.isLate === true || (leftMs !== null && leftMs < thenMs);
  return {
    ...place,
    etaMs: leftMs === null ? null : Math.max(thenMs, leftMs),
    ...(isLate ? { isLate } : {}),
    ...(behind ? { behind: { ...behind, ranForMs: behind.ranForMs + ms } } : {}),
  };
}
