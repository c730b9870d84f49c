// Where an answer stopped before its end: what happened, what helps, and asking again. What was written stays above it.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { Message } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { isThisComputer, modelTitle, secondsText } from '../../lib/index.ts';
import { Button, Fault } from '../../ui/index.ts';
import { useEngine } from '../engine/index.ts';
import { failuresBefore } from './attempts.ts';
import { AlsoTried, AskedAgain, EngineWords } from './fault-facts.tsx';
import { useGoingOn } from './go-on.tsx';
import { noMemory } from './more-context.tsx';
import { type Known, remediesFor } from './remedy.ts';
import { RemedyActions } from './remedy-actions.tsx';
import { isAnswerCode } from './remedy-ways.ts';
import { useChatStore } from './store.ts';
import { type Mended, useKnown } from './use-known.ts';

export interface AnswerFaultProps {
  message: Message;
  hasText: boolean;
  /** Null where asking again would hide what follows. */
  onAskAgain: (() => void) | null;
  /** The way on, or why there is none. */
  goOn: ReactNode;
}

/** Nothing for an answer that came to its end. */
export function AnswerFault({ message, hasText, onAskAgain, goOn }: AnswerFaultProps) {
  const { t } = useTranslation('chat');
  const { state, error } = message;
  if (state === 'stopped') {
    return (
      <div className="stopped">
        <span>{hasText ? t('fault.stopped') : t('fault.stoppedEmpty')}</span>
        {goOn}
        {onAskAgain ? (
          <Button size="sm" variant="ghost" onClick={onAskAgain}>
            {t('remedy.again')}
          </Button>
        ) : null}
      </div>
    );
  }
  if (state !== 'failed' && state !== 'interrupted') return null;
  const told: ErrorInfo = error ?? { code: 'internal', message: t('fault.unknown'), params: {} };
  const isPart = told.code !== 'answer_empty' && (hasText || state === 'interrupted');
  const title = isPart ? t('fault.failedPart') : titleOf(error, message, t);
  if (onAskAgain === null) {
    return (
      <Fault title={title} actions={goOn}>
        {told.message}
      </Fault>
    );
  }
  return <LastFault {...{ message, title, onAskAgain }} error={told} />;
}

interface LastFaultProps {
  message: Message;
  title: string;
  error: ErrorInfo;
  onAskAgain: () => void;
}

/** The one with which one may do something. */
function LastFault({ message, title, error, onAskAgain }: LastFaultProps) {
  const { t } = useTranslation('chat');
  const attempt = useChatStore(({ attempts }) => attempts[message.id]);
  const { can: canGoOn, words } = useGoingOn(message);
  const { known, mended } = useKnown({ error, message, canGoOn });
  const news = [newsOf(known, mended, t), words].filter(Boolean).join(' ');
  return (
    <Fault
      title={title}
      actions={
        <RemedyActions
          remedies={remediesFor(error, known)}
          id={message.id}
          isMended={mended !== null}
          onAskAgain={onAskAgain}
        >
          <span role="status" className="remedy-words num">
            {news}
          </span>
        </RemedyActions>
      }
      more={<EngineWords error={error} />}
    >
      {beyond(title, error.message)}
      {useIsComingBack(message) ? ` ${t('fault.comingBack')}` : null}
      <AskedAgain attempt={attempt} failures={failuresBefore(message)} error={error} />
      <AlsoTried skipped={message.source?.skipped ?? []} />
    </Fault>
  );
}

/** The sentence without the words that stand above it already. */
function beyond(title: string, sentence: string): string {
  if (!sentence.startsWith(`${title}: `)) return sentence;
  const rest = sentence.slice(title.length + 2);
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

/** What happened, in a few words. */
function titleOf(error: ErrorInfo | null, { source }: Message, t: TFunction<'chat'>): string {
  if (error === null || !isAnswerCode(error.code)) return t('fault.failedEmpty');
  const { code, params } = error;
  const backend = source?.label ?? params.backend ?? params.host ?? '';
  const model = typeof params.model === 'string' ? params.model : (source?.model ?? '');
  return t(`fault.title.${code}`, { backend, model: modelTitle(model) });
}

/** What has changed since, or why something is not offered. */
function newsOf({ room, waitMs }: Known, mended: Mended | null, t: TFunction<'chat'>): string {
  if (mended?.type === 'arrived') return t('remedy.here', { model: modelTitle(mended.model) });
  if (mended?.type === 'ready') return t('remedy.ready', { label: mended.label });
  if (waitMs > 0) return t('remedy.waiting', { time: secondsText(waitMs / 1_000) });
  return room?.type === 'memory' ? t(...noMemory(room)) : '';
}

/** Whether the Ollama that broke off is being started again by Hearth. */
function useIsComingBack({ error, source }: Message): boolean {
  const state = useEngine(({ engine }) => engine?.state);
  const wasOllamaHere = source?.kind === 'ollama' && isThisComputer(source.host);
  return error?.code === 'stream_cut' && wasOllamaHere && (state === 'restarting' || state === 'starting');
}

/** This window no longer sees an answer that may still be running. */
export function LostFault({ error, onLookAgain }: { error: ErrorInfo; onLookAgain: () => void }) {
  const { t } = useTranslation('chat');
  return (
    <Fault
      title={t('fault.lost')}
      role="alert"
      actions={
        <Button size="sm" onClick={onLookAgain}>
          {t('fault.lookAgain')}
        </Button>
      }
    >
      <span data-tip={error.detail}>{t('fault.lostText')}</span>
    </Fault>
  );
}
