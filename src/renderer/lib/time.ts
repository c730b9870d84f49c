// Times as people say them: the day groups of the history, clock times.

/** Newest first, as the sidebar shows them; a month's key is `2025-10`. */
export type DayGroup = { kind: 'today' | 'yesterday' | 'week' | 'days30' } | { kind: 'month'; label: string };

/**
 * The group of a moment, counted in calendar days of this computer's time zone.
 *
 * @param atMs the moment, epoch milliseconds; one in the future counts as today
 * @param nowMs what counts as now
 * @param language for the name of a month, for example `en`
 */
export function dayGroup(atMs: number, nowMs: number, language: string): DayGroup {
  const days = calendarDays(nowMs) - calendarDays(atMs);
  if (days <= 0) return { kind: 'today' };
  if (days === 1) return { kind: 'yesterday' };
  if (days <= 7) return { kind: 'week' };
  if (days <= 30) return { kind: 'days30' };
  return { kind: 'month', label: monthName(language).format(atMs) };
}

/** Milliseconds until the next local midnight. */
export function untilMidnightMs(nowMs: number): number {
  const next = new Date(nowMs);
  next.setHours(24, 0, 0, 0);
  return next.getTime() - nowMs;
}

/** A clock time, for example `14:32` or `2:32 PM`, in the way of this computer's language. */
export function clockTime(atMs: number): string {
  return clock.format(atMs);
}

/** The same with its seconds, where two of a minute are to be told apart. */
export function clockSeconds(atMs: number): string {
  return exactClock.format(atMs);
}

const exactClock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const months = new Map<string, Intl.DateTimeFormat>();

function monthName(language: string): Intl.DateTimeFormat {
  const known = months.get(language) ?? new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric' });
  months.set(language, known);
  return known;
}

/** A number that grows by one a local calendar day, whatever daylight saving does. */
function calendarDays(ms: number): number {
  const date = new Date(ms);
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}
