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
