// Where an answer stopped before its end: what happened, what helps, and asking again. What was written stays above it.
import { useTranslation } from 'react-i18next';
import type { Message } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { isThisComputer, openSettings } from '../../lib/index.ts';
import { Button, Fault } from '../../ui/index.ts';
import { useEngine } from '../engine/index.ts';
import { remedyFor } from './remedy.ts';
import { RemedyActions } from './remedy-actions.tsx';

export interface AnswerFaultProps {
  message: Message;
  hasText: boolean;
  /** Null where asking again would hide what follows. */
  onAskAgain: (() => void) | null;
  /** Null where it can't be carried on. */
  onGoOn: (() => void) | null;
}

/** Nothing for an answer that came to its end. */
export function AnswerFault({ message, hasText, onAskAgain, onGoOn }: AnswerFaultProps) {
  const { t } = useTranslation('chat');
  const { state, error } = message;
  const isComingBack = useIsComingBack(message) && onAskAgain !== null;
  const goOn = onGoOn ? (
    <Button size="sm" variant="ghost" onClick={onGoOn}>
      {t('cut.goOn')}
    </Button>
  ) : null;
  if (state === 'stopped') {
    return (
      <div className="stopped">
        <span>{hasText ? t('fault.stopped') : t('fault.stoppedEmpty')}</span>
        {goOn}
        {onAskAgain ? (
          <Button size="sm" variant="ghost" onClick={onAskAgain}>
            {t('fault.askAgain')}
          </Button>
        ) : null}
      </div>
    );
  }
  if (state !== 'failed' && state !== 'interrupted') return null;
  // One that only thought was not cut: it ended.
  const isPart = error?.code !== 'answer_empty' && (hasText || state === 'interrupted');
  const title = isPart ? t('fault.failedPart') : t('fault.failedEmpty');
  const { source, settledAtMs, createdAtMs } = message;
  const remedy = error && remedyFor(error, { kind: source?.kind ?? null, host: source?.host ?? null });
  return (
    <Fault
      title={title}
      actions={
        onAskAgain ? (
          remedy ? (
            <RemedyActions remedy={remedy} sinceMs={settledAtMs ?? createdAtMs} onAskAgain={onAskAgain}>
              <Button size="sm" variant="ghost" onClick={onAskAgain}>
                {t('fault.askAgain')}
              </Button>
              {goOn}
            </RemedyActions>
          ) : (
            <>
              <Button size="sm" onClick={onAskAgain}>
                {t('fault.askAgain')}
              </Button>
              {goOn}
              {isComingBack ? (
                <Button size="sm" variant="ghost" onClick={() => openSettings('engine')}>
                  {t('fault.seeLog')}
                </Button>
              ) : null}
            </>
          )
        ) : (
          goOn
        )
      }
    >
      {error?.message ?? t('fault.unknown')}
      {isComingBack ? ` ${t('fault.comingBack')}` : null}
    </Fault>
  );
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
