// What counts as now, for texts that grow old: `6 s`, `2 minutes ago`.
import { useEffect, useState } from 'react';

/** @param everyMs how often it moves on; null while nothing on screen depends on it */
export function useNowMs(everyMs: number | null): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === null) return undefined;
    const tick = () => setNowMs(Date.now());
    const timer = setInterval(tick, everyMs);
    // What was known may be as old as the screen.
    const first = setTimeout(tick);
    return () => {
      clearInterval(timer);
      clearTimeout(first);
    };
  }, [everyMs]);
  return nowMs;
}
