// What stands where the answer will be: the place in the queue, the model being loaded, the engine being asked.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueuePlace } from '../../../contract/chat.ts';
import { Button, Dot, VisuallyHidden } from '../../ui/index.ts';
import { useSeconds } from './use-seconds.ts';

/** More dots than this say no more. */
const DOTS_MAX = 4;
/** From here on the seconds are worth saying. */
const SECONDS_SHOWN_FROM = 3;

export function QueueLine({ place, onCancel }: { place: QueuePlace; onCancel: () => void }) {
  const { t } = useTranslation('chat');
  const { position, etaMs, running } = place;
  const words = position <= 1 ? t('queue.next') : t('queue.place', { count: position, ordinal: true });
  const wait = etaMs === null ? '' : t('queue.about', { wait: waitWords(etaMs, t) });
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
      <span className="num" aria-hidden="true">
        <b>{words}</b>
        {wait}
      </span>
      <VisuallyHidden>
        <span role="status">
          <AsFirstSaid key={position} words={words + wait} />
        </span>
      </VisuallyHidden>
      <span className="grow" />
      <Button size="sm" variant="ghost" onClick={onCancel}>
        {t('queue.cancel')}
      </Button>
    </div>
  );
}

/** Spoken when the place changes, not each time the estimate does. */
function AsFirstSaid({ words }: { words: string }) {
  return useState(words)[0];
}

export function LoadingLine({ model, sinceMs }: { model: string; sinceMs: number }) {
  const { t } = useTranslation('chat');
  const seconds = useSeconds(sinceMs);
  return (
    <WaitLine
      spoken={t('wait.loading', { model })}
      shown={seconds < 1 ? undefined : t('wait.loadingFor', { model, seconds })}
    />
  );
}

export interface FirstTokenLineProps {
  /** The engine that was asked; null while none is. */
  label: string | null;
  /** Why the one before it did not answer; null for the first choice. */
  reason: string | null;
  sinceMs: number | null;
}

/** Before the first token. */
export function FirstTokenLine({ label, reason, sinceMs }: FirstTokenLineProps) {
  const { t } = useTranslation('chat');
  const seconds = useSeconds(sinceMs);
  if (label === null) return <WaitLine spoken={t('wait.inLine')} />;
  const isLong = seconds >= SECONDS_SHOWN_FROM;
  if (reason !== null) {
    return (
      <WaitLine
        spoken={t('wait.next', { reason, label })}
        shown={isLong ? t('wait.nextFor', { reason, label, seconds }) : undefined}
      />
    );
  }
  return (
    <WaitLine
      spoken={t('wait.engine', { label })}
      shown={isLong ? t('wait.engineFor', { label, seconds }) : undefined}
    />
  );
}

function WaitLine({ spoken, shown = spoken }: { spoken: string; shown?: string | undefined }) {
  return (
    <div className="think waits num">
      <Dot tone="live" />
      <span aria-hidden="true">{shown}</span>
      <VisuallyHidden>
        <span role="status">{spoken}</span>
      </VisuallyHidden>
    </div>
  );
}

function dots(count: number, name: string): string[] {
  return Array.from({ length: Math.max(0, count) }, (_each, index) => `${name}-${index}`);
}

function waitWords(
  ms: number,
  t: (key: 'queue.seconds' | 'queue.minutes', words: { count: number }) => string,
): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  return seconds < 90
    ? t('queue.seconds', { count: seconds })
    : t('queue.minutes', { count: Math.round(seconds / 60) });
}
