// How benches print: one line each, a ratio of two things measured in the same run.

/** Prints `bench NAME ratio=R goal=G` and further figures behind it. Lower is better. */
export function reportRatio(name: string, ratio: number, goal: number, more: Record<string, number> = {}): void {
  const extra = Object.entries(more).map(([key, value]) => ` ${key}=${value.toFixed(2)}`);
  console.log(`bench ${name} ratio=${ratio.toFixed(3)} goal=${goal}${extra.join('')}`);
}

/** The value below which the given share of the values lies. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
