// What counts down while somebody looks.
import { useNowMs } from '../../lib/index.ts';

/**
 * Whole seconds until a moment, at least 0, told anew each second.
 *
 * @param atMs epoch milliseconds; null counts nothing and gives 0
 */
export function useSecondsUntil(atMs: number | null): number {
  const nowMs = useNowMs(atMs === null ? null : 1_000);
  return atMs === null ? 0 : Math.max(0, Math.ceil((atMs - nowMs) / 1_000));
}
