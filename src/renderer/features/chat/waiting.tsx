// What stands where the answer will be once the engine was asked: that it was, its model loading, or reading.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Dot, VisuallyHidden } from '../../ui/index.ts';
import type { LiveAnswer } from './live.ts';
import { AsFirstSaid, waitWords } from './queue-line.tsx';
import { useSeconds, useSecondsSince } from './use-seconds.ts';

/** From here on the seconds are worth saying. */
const SECONDS_SHOWN_FROM = 3;
/** From here on a wait that tells nothing of itself is longer than usual. */
const LATE_FROM_SECONDS = 30;
/** A shorter prompt is read before anybody has read its number. */
const TOKENS_SHOWN_FROM = 100;
/** A pause between two words is shorter. */
const SILENCE_SHOWN_FROM = 8;

type Waited<Key extends 'loading' | 'reading'> = NonNullable<LiveAnswer[Key]>;

export function LoadingLine({ model, sinceMs }: Waited<'loading'>) {
  const { t } = useTranslation('chat');
  const seconds = useSeconds(sinceMs);
  return (
    <WaitLine
      spoken={t('wait.loading', { model })}
      shown={seconds < 1 ? undefined : t('wait.loadingFor', { model, seconds })}
    />
  );
}

export interface ReadingLineProps {
  reading: Waited<'reading'>;
  /** The engine that reads. */
  label: string;
  /** What can be done about a long wait. */
  children: ReactNode;
}

/** The engine reads the prompt, or what came before it. */
export function ReadingLine({ reading, label, children }: ReadingLineProps) {
  const { t } = useTranslation('chat');
  const { tokens, readTokens, expectedMs, isLate, behind, sinceMs } = reading;
  const seconds = useSeconds(sinceMs);
  const what =
    behind !== null
      ? t(`wait.behind.${behind}`, { label })
      : tokens < TOKENS_SHOWN_FROM
        ? t('wait.readingShort', { label })
        : readTokens === null
          ? t('wait.reading', { label, tokens })
          : t('wait.readingShare', { label, tokens, read: Math.min(readTokens, tokens) });
  const isKnown = behind === null || behind === 'limit';
  const isExpected = expectedMs !== null && expectedMs >= 1_000 && isKnown && !isLate;
  const since = isExpected
    ? t('wait.ofAbout', { seconds, wait: waitWords(expectedMs, t) })
    : t(isLate ? 'wait.late' : 'wait.soFar', { seconds });
  return (
    <>
      <WaitLine
        spoken={<AsFirstSaid key={`${behind} ${isLate}`} words={isLate ? t('wait.lateSpoken', { what }) : what} />}
        shown={`${what}, ${since}`}
      />
      {isLate ? children : null}
    </>
  );
}

export interface FirstTokenLineProps {
  /** The engine that was asked; null while none is. */
  label: string | null;
  /** Why the one before it did not answer; null for the first choice. */
  reason: string | null;
  sinceMs: number | null;
  /** What can be done about a long wait. */
  children: ReactNode;
}

/** Before the first token, while nothing is known of what the engine does. */
export function FirstTokenLine({ label, reason, sinceMs, children }: FirstTokenLineProps) {
  const { t } = useTranslation('chat');
  const seconds = useSeconds(sinceMs);
  if (label === null) return <WaitLine spoken={t('wait.inLine')} />;
  const isLate = seconds >= LATE_FROM_SECONDS;
  const what = reason === null ? t('wait.engine', { label }) : t('wait.next', { reason, label });
  const since = t(isLate ? 'wait.late' : 'wait.soFar', { seconds });
  return (
    <>
      <WaitLine
        spoken={isLate ? t('wait.lateSpoken', { what }) : what}
        shown={seconds >= SECONDS_SHOWN_FROM ? `${what}, ${since}` : undefined}
      />
      {isLate ? children : null}
    </>
  );
}

/** In the middle of an answer, when nothing has come for a while; looked at once a second, not at every word. */
export function SilenceLine({ lastWordAtMs }: { lastWordAtMs: () => number | null }) {
  const { t } = useTranslation('chat');
  const seconds = useSecondsSince(lastWordAtMs);
  if (seconds < SILENCE_SHOWN_FROM) return null;
  return <WaitLine spoken={t('wait.silence')} shown={t('wait.silenceFor', { seconds })} />;
}

/** What can be done while an engine takes longer than usual. */
export interface WaysOut {
  stop: () => void;
  /** To a model that is faster. */
  smallerModel: () => void;
  /** Ends this answer and begins a chat in which there is little to read. */
  newChat: () => void;
}

export function LateActions({ actions }: { actions: WaysOut }) {
  const { t } = useTranslation('chat');
  return (
    <div className="demo-actions">
      <Button size="sm" onClick={actions.stop}>
        {t('wait.stop')}
      </Button>
      <Button size="sm" variant="ghost" onClick={actions.smallerModel}>
        {t('wait.smallerModel')}
      </Button>
      <Button size="sm" variant="ghost" onClick={actions.newChat}>
        {t('wait.newChat')}
      </Button>
    </div>
  );
}

function WaitLine({ spoken, shown = spoken }: { spoken: ReactNode; shown?: ReactNode }) {
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
