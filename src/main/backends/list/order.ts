// The order of the list as it is written to the settings: whole, every id once, the demo last.
import type { BackendId } from '../../../contract/ids.ts';

const DEMO: BackendId = 'demo';

export interface Move {
  id: BackendId;
  /** 0 is the first. One behind the end is the last before the demo. */
  index: number;
}

/**
 * The order after a move.
 * @param listed as the user sees them
 * @param before what was written; ids that are not listed now (a variable that is not set this time) keep their neighbour
 */
export function moved(listed: readonly BackendId[], before: readonly BackendId[], { id, index }: Move): BackendId[] {
  const order = listed.filter((one) => one !== id && one !== DEMO);
  order.splice(Math.min(index, order.length), 0, id);
  for (const [place, one] of before.entries()) {
    if (order.includes(one) || one === DEMO) continue;
    const neighbour = before.slice(0, place).findLast((other) => order.includes(other));
    order.splice(neighbour === undefined ? 0 : order.indexOf(neighbour) + 1, 0, one);
  }
  return [...order, DEMO];
}

/** The order with a removed id back at its place, whatever was moved since; empty stays empty: Hearth chooses. */
export function restored(now: readonly BackendId[], before: readonly BackendId[], id: BackendId): BackendId[] {
  const place = before.indexOf(id);
  if (place < 0 || now.includes(id)) return [...now];
  const without = before.filter((one) => one !== id);
  if (without.length === now.length && without.every((one, index) => one === now[index])) return [...before];
  return now.length === 0 ? [] : now.toSpliced(Math.min(place, now.indexOf(DEMO) >>> 0), 0, id);
}
