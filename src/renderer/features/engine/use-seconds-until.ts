// The time, for what counts down while somebody looks.
import { useEffect, useState } from 'react';

/**
 * Whole seconds until a moment, at least 0, told anew each second.
 *
 * @param atMs epoch milliseconds; null counts nothing and gives 0
 */
export function useSecondsUntil(atMs: number | null): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (atMs === null) return undefined;
    const tell = () => setNowMs(Date.now());
    tell();
    const timer = setInterval(tell, 1_000);
    return () => clearInterval(timer);
  }, [atMs]);
  return atMs === null ? 0 : Math.max(0, Math.ceil((atMs - nowMs) / 1_000));
}
