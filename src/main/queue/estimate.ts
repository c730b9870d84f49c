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
  /** For how long each running job has run. */
  ranForMs: readonly number[];
  /** How many may run at once. */
  slots: number;
}

/**
 * A function that gives the estimated wait of the job at a position (1 is next), in milliseconds; null while nothing is
 * known.
 *
 * Every job is taken to last the mean. The running jobs end in the order of the time they have left (0 when they are
 * overdue); each end lets the next one in, which ends a mean later. So with n slots the job at position p starts at the
 * end number ((p - 1) mod n) of the running ones plus floor((p - 1) / n) means.
 */
export function estimateWaits({ meanMs, ranForMs, slots }: LaneLoad): (position: number) => number | null {
  if (meanMs === null) return () => null;
  const leftMs = ranForMs.map((ranMs) => Math.max(0, meanMs - ranMs)).toSorted((a, b) => a - b);
  // When the slots were lowered more jobs run than may: the first ends let nobody in.
  const opening = leftMs.slice(Math.max(0, leftMs.length - slots));
  return (position) => {
    const ahead = position - 1;
    const round = Math.floor(ahead / slots);
    return Math.round((opening[ahead % slots] ?? 0) + round * meanMs);
  };
}
