// Whole seconds since a moment, counted while somebody looks.
import { useEffect, useState } from 'react';

/** @param sinceMs epoch milliseconds; null counts nothing and gives 0 */
export function useSeconds(sinceMs: number | null): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (sinceMs === null) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [sinceMs]);
  return sinceMs === null ? 0 : Math.max(0, Math.floor((nowMs - sinceMs) / 1_000));
}

/** The same for a moment that moves: read once a second, so that each word of an answer costs nothing here. */
export function useSecondsSince(sinceMs: () => number | null): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => {
      const since = sinceMs();
      setSeconds(since === null ? 0 : Math.max(0, Math.floor((Date.now() - since) / 1_000)));
    }, 1_000);
    return () => clearInterval(timer);
  }, [sinceMs]);
  return seconds;
}
