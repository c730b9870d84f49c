// Which downloads run: in their order, as many at once as allowed.
import type { Item } from './item.ts';

/** After so many attempts in vain (about a minute) the ones behind need not wait any longer for one that is stalled. */
export const PATIENT_ATTEMPTS = 5;

type Placed = Pick<Item, 'state' | 'position' | 'attempt'>;

/** Which of them to begin, and which to put back because fewer may run now. */
export function planRuns<T extends Placed>(items: readonly T[], parallel: number): { begin: T[]; putBack: T[] } {
  const inOrder = items.toSorted((a, b) => a.position - b.position);
  const running = inOrder.filter(({ state }) => state === 'running');
  const putBack = running.slice(parallel);
  const held = inOrder.filter(({ state, attempt }) => state === 'stalled' && attempt <= PATIENT_ATTEMPTS);
  const free = Math.max(0, parallel - running.length - held.length);
  const begin = inOrder.filter(({ state }) => state === 'waiting').slice(0, free);
  return { begin, putBack };
}

/** As they are listed: those to come in their order, then the finished ones, newest first. */
export function listed<T extends Placed & Pick<Item, 'finishedAtMs'>>(items: readonly T[]): T[] {
  const isDone = ({ state }: T) => state === 'done';
  return [
    ...items.filter((item) => !isDone(item)).toSorted((a, b) => a.position - b.position),
    ...items
      .filter(isDone)
      .toSorted((a, b) => (b.finishedAtMs ?? 0) - (a.finishedAtMs ?? 0) || b.position - a.position),
  ];
}
