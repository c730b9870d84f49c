// How fast bytes arrive, over the last seconds, and when the rest will be here.

const WINDOW_MS = 5_000;
/** Less says nothing about a speed. */
const SPAN_MIN_MS = 500;

export interface SpeedMeter {
  add(receivedBytes: number, atMs: number): void;
  /** Null until it can be told. */
  bytesPerSecond(atMs: number): number | null;
}

export function speedMeter(): SpeedMeter {
  let samples: { bytes: number; atMs: number }[] = [];
  return {
    add(bytes, atMs) {
      samples.push({ bytes, atMs });
      // One older than the window stays, as its beginning.
      const first = samples.findLastIndex((sample) => sample.atMs <= atMs - WINDOW_MS);
      if (first > 0) samples = samples.slice(first);
    },
    bytesPerSecond(atMs) {
      const [first] = samples;
      const last = samples.at(-1);
      if (first === undefined || last === undefined) return null;
      const spanMs = atMs - first.atMs;
      return spanMs < SPAN_MIN_MS ? null : Math.max(0, ((last.bytes - first.bytes) / spanMs) * 1000);
    },
  };
}

/** In whole seconds; null where nothing moves or the end is not known. */
export function secondsLeft(received: number, total: number | null, bytesPerSecond: number | null): number | null {
  if (total === null || bytesPerSecond === null || bytesPerSecond < 1) return null;
  return Math.ceil(Math.max(0, total - received) / bytesPerSecond);
}
