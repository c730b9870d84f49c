// How fast bytes come, over the last seconds.

const WINDOW_MS = 8_000;
/** Who waits for bytes wants to see at once that none come. */
export const QUIET_AFTER_MS = 2_500;
/** Less than this says nothing yet. */
const KNOWN_AFTER_MS = 1_000;

export interface Speed {
  /** Bytes that have just arrived. */
  add(bytes: number): void;
  /** Null while it is not known; 0 as soon as nothing has come for a moment. */
  bytesPerSecond(): number | null;
  /** Nothing is known any more: a new attempt begins. */
  forget(): void;
}

/** @param nowMs a clock that never goes back */
export function createSpeed(nowMs: () => number): Speed {
  let startedMs: number | null = null;
  let movedMs = -Infinity;
  let arrivals: { atMs: number; bytes: number }[] = [];
  return {
    add(bytes) {
      const atMs = nowMs();
      startedMs ??= atMs;
      if (bytes > 0) movedMs = atMs;
      const last = arrivals.at(-1);
      // A record comes every 60 ms: a tenth of a second is fine enough.
      if (last !== undefined && atMs - last.atMs < 100) last.bytes += bytes;
      else arrivals.push({ atMs, bytes });
      arrivals = arrivals.filter((arrival) => atMs - arrival.atMs <= WINDOW_MS);
    },
    bytesPerSecond() {
      if (startedMs === null) return null;
      const now = nowMs();
      const overMs = Math.min(now - startedMs, WINDOW_MS);
      if (overMs < KNOWN_AFTER_MS) return null;
      if (now - movedMs > QUIET_AFTER_MS) return 0;
      const bytes = arrivals.reduce((all, { atMs, bytes: some }) => (now - atMs <= WINDOW_MS ? all + some : all), 0);
      return (bytes * 1000) / overMs;
    },
    forget() {
      startedMs = null;
      movedMs = -Infinity;
      arrivals = [];
    },
  };
}
