// The chats of the list by day: Today, Yesterday, the previous 7 and 30 days, then months.
import { useEffect, useState } from 'react';
import type { ConversationSummary } from '../../../contract/conversations.ts';
import type { DayGroup } from '../../lib/index.ts';
import { dayGroup, untilMidnightMs } from '../../lib/index.ts';

export interface ChatGroup {
  /** Lives as long as the group: its kind, or the month's name. */
  key: string;
  day: DayGroup;
  items: ConversationSummary[];
}

/** Splits a list that is ordered newest first; the order within and between groups stays. */
export function groupByDay(items: ConversationSummary[], nowMs: number, language: string): ChatGroup[] {
  const groups: ChatGroup[] = [];
  for (const item of items) {
    const day = dayGroup(item.updatedAtMs, nowMs, language);
    const key = day.kind === 'month' ? day.label : day.kind;
    const last = groups.at(-1);
    if (last?.key === key) last.items.push(item);
    else groups.push({ key, day, items: [item] });
  }
  return groups;
}

/** What counts as now for the groups: renewed at midnight and when the window comes back after a sleep. */
export function useNowMs(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const renew = () => setNowMs(Date.now());
    const timer = setTimeout(renew, untilMidnightMs(nowMs) + 1_000);
    const wake = () => {
      if (document.visibilityState === 'visible') renew();
    };
    document.addEventListener('visibilitychange', wake);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', wake);
    };
  }, [nowMs]);
  return nowMs;
}
