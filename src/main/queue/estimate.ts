// How long a waiting job will still wait, from how long the last ones took.

/** The share of the newest duration in the mean: the last three or so count most. */
const NEWEST_SHARE = 0.3;

/** The exponentially weighted mean of durations after one more; `meanMs` is null before the first. */
export function nextMean(meanMs: number | null, durationMs: number): number {
  return meanMs === null ? durationMs : meanMs + NEWEST_SHARE * (durationMs - meanMs);
}

export interface LaneLoad {
  /** Mean duration of the jobs that this lane has finished; null while it has finished none. */
  meanMs: number | null;
  running: readonly RunningLoad[];
  /** How many may run at once. */
  slots: number;
}

export interface RunningLoad {
  /** For how long it has run. */
  ranForMs: number;
  /** What it says itself that its present work still takes at least; null where it knows nothing. */
  leftMs: number | null;
}

export interface Wait {
  /** Null while nothing is known. */
  etaMs: number | null;
  /** How much of it is the turn of those ahead, after one that runs now has ended. */
  thenMs: number;
  /** What has to end first has run for longer than was expected of it. */
  isLate: boolean;
}

/**
 * A function that gives the estimated wait of the job at a position (1 is next), in milliseconds.
 *
 * Every job is taken to last the mean, or what it says itself if that is longer. The running jobs end in the order of the
 * time they have left (0 when they are overdue); each end lets the next one in, which ends a mean later. So with n slots
 * the job at position p starts at the end number ((p - 1) mod n) of the running ones plus floor((p - 1) / n) means.
 */
export function estimateWaits({ meanMs, running, slots }: LaneLoad): (position: number) => Wait {
  const left = running.map((run) => leftOf(run, meanMs)).toSorted((a, b) => (a.ms ?? Infinity) - (b.ms ?? Infinity));
  // When the slots were lowered more jobs run than may: the first ends let nobody in.
  const opening = left.slice(Math.max(0, left.length - slots));
  return (position) => {
    const ahead = position - 1;
    const round = Math.floor(ahead / slots);
    const { ms, isLate } = opening[ahead % slots] ?? { ms: 0, isLate: false };
    const thenMs = round === 0 ? 0 : meanMs === null ? null : Math.round(round * meanMs);
    return { etaMs: ms === null || thenMs === null ? null : Math.round(ms + thenMs), thenMs: thenMs ?? 0, isLate };
  };
}

function leftOf({ ranForMs, leftMs }: RunningLoad, meanMs: number | null): { ms: number | null; isLate: boolean } {
  if (meanMs === null && leftMs === null) return { ms: null, isLate: false };
  const ms = Math.max(meanMs === null ? -Infinity : meanMs - ranForMs, leftMs ?? -Infinity);
  return { ms: Math.max(0, ms), isLate: ms < 0 };
}
