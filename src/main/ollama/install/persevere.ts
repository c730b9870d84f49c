// Trying again after an interruption, with growing pauses, for as long as it gets somewhere.
import { setTimeout as sleep } from 'node:timers/promises';
import { Interrupted } from './trouble.ts';

export interface Patience {
  /** The pause after the first failure; it doubles up to `maxMs`. */
  firstMs: number;
  maxMs: number;
  /** So many failures in a row without anything new, and it is told. */
  attempts: number;
}

/** Gives up after about four minutes in which nothing arrives. */
export const PATIENCE: Patience = { firstMs: 1_000, maxMs: 60_000, attempts: 9 };

export interface Persevering {
  patience: Patience;
  signal: AbortSignal;
  now: () => number;
  /** Told before each pause when the next attempt begins, and null when it has begun. */
  onPause: (retryAtMs: number | null) => void;
}

/**
 * As the attempt settles; one that rejects with `Interrupted` is made again.
 *
 * @param attempt calls `gained` when it got further than any attempt before: the counting starts anew
 * @throws `install_unreachable` when patience has run out
 */
export async function persevere<T>(
  attempt: (gained: () => void) => Promise<T>,
  { patience, signal, now, onPause }: Persevering,
): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      return await attempt(() => {
        failures = 0;
      });
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      failures += 1;
      if (failures >= patience.attempts) throw error.toHearthError();
      const pauseMs = Math.max(error.waitMs ?? 0, Math.min(patience.firstMs * 2 ** (failures - 1), patience.maxMs));
      onPause(now() + pauseMs);
      await sleep(pauseMs, undefined, { signal });
      onPause(null);
    }
  }
}
