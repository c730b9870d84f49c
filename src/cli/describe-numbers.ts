// Sizes, times and tables as the terminal shows them.
import { text } from '../main/words/index.ts';
import { sizeForPeople } from './checks/finding.ts';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** For example `1 min 5 s`, `2 h 10 min`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE_S) return text('cli:time.seconds', { seconds: whole });
  if (whole < HOUR_S)
    return text('cli:time.minutes', { minutes: Math.floor(whole / MINUTE_S), seconds: whole % MINUTE_S });
  return text('cli:time.hours', {
    hours: Math.floor(whole / HOUR_S),
    minutes: Math.floor((whole % HOUR_S) / MINUTE_S),
  });
}

/** For example `5 minutes ago`, `yesterday`. */
export function agoText(atMs: number, nowMs: number): string {
  const seconds = Math.min(0, Math.round((atMs - nowMs) / 1_000));
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (-seconds < MINUTE_S) return relative.format(0, 'second');
  if (-seconds < HOUR_S) return relative.format(Math.ceil(seconds / MINUTE_S), 'minute');
  if (-seconds < DAY_S) return relative.format(Math.ceil(seconds / HOUR_S), 'hour');
  return relative.format(Math.ceil(seconds / DAY_S), 'day');
}

/** `128k` for 131072; in thousands of 1024, as context lengths are named. */
export function contextText(tokens: number | null): string {
  if (tokens === null) return '';
  return tokens >= 1_024 ? `${Math.round(tokens / 1_024)}k` : String(tokens);
}

interface Moving {
  receivedBytes: number;
  totalBytes: number | null;
  progress: number | null;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
}

/** For example `43 %  0.9 GB of 2.0 GB  18 MB/s  1 min 5 s left`; what is unknown is left out. */
export function movingText({ receivedBytes, totalBytes, progress, bytesPerSecond, secondsLeft }: Moving): string {
  const parts = [
    // Rounded down: 100 % is said when it is done.
    progress === null ? '' : text('cli:progress.percent', { percent: Math.floor(progress * 100) }),
    totalBytes === null
      ? ''
      : text('cli:progress.of', { received: sizeForPeople(receivedBytes), total: sizeForPeople(totalBytes) }),
    bytesPerSecond === null ? '' : text('cli:progress.rate', { size: sizeForPeople(bytesPerSecond) }),
    secondsLeft === null ? '' : text('cli:progress.left', { time: durationText(secondsLeft) }),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** Columns as wide as their widest cell; the last one as it is. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
