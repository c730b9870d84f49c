// How long ago something was, as people say it.
import { clockTime, dayGroup, i18n } from '../../lib/index.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** For example `2 minutes ago`, `Today, 09:12`, `Yesterday`, `3 weeks ago`; `Never` for null. */
export function whenUsed(atMs: number | null, nowMs: number): string {
  if (atMs === null) return i18n.t('models:when.never');
  const ago = new Intl.RelativeTimeFormat(i18n.language, { numeric: 'always' });
  const agoMs = nowMs - atMs;
  if (agoMs < MINUTE_MS) return i18n.t('models:when.now');
  if (agoMs < 60 * MINUTE_MS) return ago.format(-Math.floor(agoMs / MINUTE_MS), 'minute');
  const { kind } = dayGroup(atMs, nowMs, i18n.language);
  if (kind === 'today') return i18n.t('models:when.today', { time: clockTime(atMs) });
  if (kind === 'yesterday') return i18n.t('models:when.yesterday');
  const days = Math.max(2, Math.round(agoMs / DAY_MS));
  if (days < 7) return ago.format(-days, 'day');
  if (days < 60) return ago.format(-Math.floor(days / 7), 'week');
  if (days < 730) return ago.format(-Math.floor(days / 30), 'month');
  return ago.format(-Math.floor(days / 365), 'year');
}
