// Who is next: the key of a job, and a line kept sorted by it.
import type { JobClass } from '../../contract/chat.ts';

/**
 * How long a job of a class lets later jobs of a better class pass, in milliseconds. A person who waits in front of a
 * window comes first; a program behind the gateway waits a little; a batch may wait a minute.
 */
export const HANDICAP_MS: Record<JobClass, number> = { interactive: 0, gateway: 15_000, batch: 60_000 };

/**
 * The order in which waiting jobs run, fair and without re-sorting.
 *
 * A job's key is fixed when it arrives: its arrival time plus a handicap for its class. A batch job (handicap 60 s)
 * therefore overtakes every interactive job that arrives more than 60 s after it: nobody starves, and the bound is plain.
 */
export function queueKey(arrivedAtMs: number, jobClass: JobClass): number {
  return arrivedAtMs + HANDICAP_MS[jobClass];
}

/**
 * Puts an entry into a line sorted by key, behind those with the same key, and returns its index.
 *
 * A sorted array instead of a heap: the index is the place that waiting people are told, and a line of a few hundred
 * costs one binary search and one short move.
 */
export function insertByKey<T extends { readonly key: number }>(line: T[], entry: T): number {
  let low = 0;
  let high = line.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = line[middle];
    if (other !== undefined && other.key <= entry.key) low = middle + 1;
    else high = middle;
  }
  line.splice(low, 0, entry);
  return low;
}
