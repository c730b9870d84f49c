// The place in the queue, where the answer will be: how many are ahead, how long about, and what it waits for.
import { useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { QueuePlace } from '../../../contract/chat.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { placeAfter } from '../../../contract/queue-place.ts';
import { Button, Dot, VisuallyHidden } from '../../ui/index.ts';
import { useChatTitle } from '../history/index.ts';
import { useSeconds } from './use-seconds.ts';

/** More dots than this say no more. */
const DOTS_MAX = 4;
/** From here on the seconds of what runs are worth saying. */
const SECONDS_SHOWN_FROM = 3;

export interface QueueLineProps {
  /** With the time at which this window heard of it. */
  place: QueuePlace & { atMs: number };
  /** The chat that waits. */
  conversationId: ConversationId;
  onCancel: () => void;
}

export function QueueLine({ place: told, conversationId, onCancel }: QueueLineProps) {
  const { t } = useTranslation('chat');
  const seconds = useSeconds(told.atMs);
  const place = placeAfter(told, seconds * 1_000);
  const { position, running, busyWith, behind } = place;
  const isLate = place.isLate === true;
  const cause = useCause(place, conversationId);
  const ranFor = Math.floor((behind?.ranForMs ?? 0) / 1_000);
  const ran = ranFor >= SECONDS_SHOWN_FROM ? t('queue.ranFor', { wait: waitWords(ranFor * 1_000, t) }) : '';
  const words = position <= 1 ? t('queue.next') : t('queue.place', { count: position, ordinal: true });
  return (
    <div className="queue waits">
      <span className="queue-dots" aria-hidden="true">
        {dots(Math.min(running, DOTS_MAX), 'running').map((key) => (
          <Dot key={key} tone="live" />
        ))}
        {dots(Math.min(position - 1, DOTS_MAX), 'ahead').map((key) => (
          <Dot key={key} tone="off" />
        ))}
        <Dot tone="you" />
      </span>
      <span className="queue-place num" aria-hidden="true">
        <b>{words}</b>
        {whenOf(place, t)}
      </span>
      <span className="muted clip" aria-hidden="true" data-tip={cause === '' ? undefined : cause}>
        {cause}
      </span>
      <span className="muted num queue-place grow" aria-hidden="true">
        {cause === '' ? '' : ran}
      </span>
      <VisuallyHidden>
        <span role="status">
          <AsFirstSaid
            key={`${position} ${busyWith ?? ''} ${isLate} ${behind?.client ?? ''} ${behind?.conversationId ?? ''}`}
            words={[words + whenOf(place, t), cause].filter(Boolean).join(', ')}
          />
        </span>
      </VisuallyHidden>
      <Button size="sm" variant="ghost" onClick={onCancel}>
        {t('queue.cancel')}
      </Button>
    </div>
  );
}

/** What keeps the engine, else whose answer it is busy with. */
function useCause({ busyWith, behind }: QueuePlace, conversationId: ConversationId): string {
  const { t } = useTranslation('chat');
  const title = useChatTitle(behind?.conversationId ?? null);
  if (busyWith) return t(`queue.busy.${busyWith}`);
  if (!behind) return '';
  if (behind.conversationId === conversationId) return t('queue.behind.here');
  if (behind.client === 'background') return t('queue.behind.background');
  if (behind.client !== 'window') return t('queue.behind.program');
  return title === null ? t('queue.behind.other') : t('queue.behind.chat', { title });
}

/** Spoken when the place changes, not each time the estimate does. */
export function AsFirstSaid({ words }: { words: string }) {
  return useState(words)[0];
}

function whenOf({ etaMs, isLate }: QueuePlace, t: TFunction<'chat'>): string {
  if (isLate) return etaMs ? t('queue.lateThen', { wait: waitWords(etaMs, t) }) : t('queue.late');
  return etaMs === null ? '' : t('queue.about', { wait: waitWords(etaMs, t) });
}

function dots(count: number, name: string): string[] {
  return Array.from({ length: Math.max(0, count) }, (_each, index) => `${name}-${index}`);
}

/** A wait in words, for example `12 s`. */
export function waitWords(
  ms: number,
  t: (key: 'queue.seconds' | 'queue.minutes', words: { count: number }) => string,
): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  return seconds < 90
    ? t('queue.seconds', { count: seconds })
    : t('queue.minutes', { count: Math.round(seconds / 60) });
}
