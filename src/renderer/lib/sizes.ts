// Sizes and durations as people say them: decimal units as Ollama and the makers of disks count.

/** Between a number and its unit, which never stand on two lines. */
export const NO_BREAK = '\u00a0';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const STEP = 1_000;
const MINUTE_S = 60;

/** Bytes with three digits at most, for example `980 B`, `41 kB`, `2.9 GB`. */
export function bytesText(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.6 MB would round to `1000 MB`.
  while (Math.round(value) >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const isShort = unit >= 3 && value < 99.95;
  return `${isShort ? decimal.format(value) : whole.format(value)}${NO_BREAK}${UNITS[unit]}`;
}

/** Time left, rounded to what one can plan with: `8 s`, `3 min`, `1 h 20 min`. */
export function secondsText(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  if (left < MINUTE_S) return `${left}${NO_BREAK}s`;
  const minutes = Math.ceil(left / MINUTE_S);
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${minutes}${NO_BREAK}min`;
  return minutes % 60 === 0 ? `${hours}${NO_BREAK}h` : `${hours}${NO_BREAK}h ${minutes % 60}${NO_BREAK}min`;
}

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0, useGrouping: false });
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
