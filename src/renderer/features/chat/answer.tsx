// An answer, waiting, being written or settled: badge, thought, prose, fault, footer, always in this order and place.
import { Fragment, useCallback, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { Message, MessageVersion } from '../../../contract/conversations.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { isPartOf } from '../../../contract/going-on.ts';
import { modelTitle } from '../../lib/index.ts';
import { useBeat } from '../../ui/index.ts';
import { AnswerCut } from './answer-cut.tsx';
import { AnswerFault, LostFault } from './answer-fault.tsx';
import { AnswerFooter } from './answer-footer.tsx';
import { GoOn } from './go-on.tsx';
import { DemoActions } from './demo-actions.tsx';
import { type LiveAnswer, useLiveAnswers } from './live.ts';
import { Markdown, preloadMarkdown } from './markdown.tsx';
import { textOf, thinkingOf } from './message-text.ts';
import { Enlarge } from './more-context.tsx';
import { sourceNote, whatHappened } from './origin.ts';
import { PromptCut } from './prompt-cut.tsx';
import { QueueLine } from './queue-line.tsx';
import { SourceBadge, sourceText } from './source-badge.tsx';
import { Thought } from './thought.tsx';
import { Versions } from './versions.tsx';
import { FirstTokenLine, LateActions, LoadingLine, ReadingLine, SilenceLine, type WaysOut } from './waiting.tsx';

export interface AnswerActions extends WaysOut {
  askAgain: () => void;
  goOn: () => void;
  showVersion: (by: -1 | 1) => void;
  lookAgain: () => void;
  checkBackends: () => Promise<BackendsStatus>;
  chooseBackend: () => void;
}

export interface AnswerProps {
  /** With the text so far, while it runs. */
  message: Message;
  /** Null once it is settled. */
  live: LiveAnswer | null;
  thoughtMs: number | null;
  isLatest: boolean;
  /** It can be read, and nothing asked for. */
  isReadOnly: boolean;
  /** Null for the only one. */
  versions: { all: readonly MessageVersion[]; isHeld: boolean } | null;
  actions: AnswerActions;
}

export function Answer({ message, live, thoughtMs, isLatest, isReadOnly, versions, actions }: AnswerProps) {
  const { t } = useTranslation('chat');
  useBeat(live !== null);
  const note = sourceNote(message);
  const text = textOf(message);
  const thinking = thinkingOf(message);
  const isThinking = live !== null && text === '';
  const askAgain = live || isReadOnly ? null : actions.askAgain;
  // What helps an answer is offered at the last one; the others are passed.
  const helped = isLatest ? askAgain : null;
  const goOn = live || isReadOnly || !isPartOf(message) ? null : <GoOn message={message} onGoOn={actions.goOn} />;
  const hasWords = text !== '' || thinking !== '';
  // An answer that is carried on has words before the first new one.
  const isWaiting = live !== null && (!hasWords || live.lastWordAtMs === null || isBeforeWords(live));
  return (
    <article
      className="msg answer"
      aria-label={note ? t('answer.nameWithSource', { source: sourceText(note, t) }) : t('answer.name')}
      aria-busy={live !== null}
      data-answer={message.id}
    >
      {/* The row stays for all versions, with the switcher; what else has a state of its own belongs to one of them. */}
      <Fragment key={message.id}>
        {note ? <SourceBadge note={note} /> : null}
        {thinking === '' ? null : (
          <Thought
            text={thinking}
            live={isThinking ? { sinceMs: live.thinkingSinceMs } : null}
            durationMs={live?.thoughtMs ?? thoughtMs}
          />
        )}
        {text === '' ? null : <Markdown text={text} isStreaming={live !== null} />}
        {live && isWaiting ? <Wait message={message} live={live} actions={actions} /> : null}
        {live && !live.lost && !isWaiting ? <Silence id={message.id} /> : null}
        {live?.lost ? <LostFault error={live.lost} onLookAgain={actions.lookAgain} /> : null}
        <PromptCut source={message.source} usage={message.usage} />
        {live ? null : <AnswerCut usage={message.usage} goOn={goOn} />}
        {live ? null : <Enlarge source={message.source} usage={message.usage} onAskAgain={helped} />}
        {live ? null : <AnswerFault message={message} hasText={text !== ''} onAskAgain={helped} goOn={goOn} />}
        {note?.kind === 'demo' && isLatest && askAgain ? (
          <DemoActions
            id={message.id}
            skipped={message.source?.skipped ?? []}
            sinceMs={message.settledAtMs ?? message.createdAtMs}
            check={actions.checkBackends}
            onAskAgain={askAgain}
            onChooseBackend={actions.chooseBackend}
          />
        ) : null}
      </Fragment>
      <AnswerFooter
        {...{ message, text, isLatest }}
        isRunning={live !== null}
        onAskAgain={askAgain}
        versions={
          versions && (
            <Versions
              shown={message.id}
              versions={versions.all}
              isHeld={versions.isHeld}
              onStep={actions.showVersion}
            />
          )
        }
      />
    </article>
  );
}

/** Whether the engine has still to begin. */
function isBeforeWords({ place, loading, reading }: LiveAnswer): boolean {
  return place !== null || loading !== null || reading !== null;
}

/** What stands where the first word will be. */
function Wait({ message, live, actions }: Pick<AnswerProps, 'message' | 'actions'> & { live: LiveAnswer }) {
  useEffect(preloadMarkdown, []);
  if (live.lost) return null;
  if (live.loading) return <LoadingLine model={modelTitle(live.loading.model)} sinceMs={live.loading.sinceMs} />;
  if (live.place)
    return <QueueLine place={live.place} conversationId={message.conversationId} onCancel={actions.stop} />;
  const { source } = message;
  const waysOut = <LateActions actions={actions} />;
  if (live.reading) {
    return (
      <ReadingLine reading={live.reading} label={source?.label ?? ''}>
        {waysOut}
      </ReadingLine>
    );
  }
  const failed = source?.skipped.at(-1);
  return (
    <FirstTokenLine
      // Another engine, other words: they are spoken anew, and their seconds begin anew.
      key={source?.url}
      label={source?.label ?? null}
      reason={failed ? whatHappened(failed.reason) : null}
      sinceMs={live.askedAtMs}
    >
      {waysOut}
    </FirstTokenLine>
  );
}

/** Reads the time of the last word beside the drawing: it changes with every word. */
function Silence({ id }: { id: MessageId }) {
  const lastWordAtMs = useCallback(() => useLiveAnswers.getState()[id]?.lastWordAtMs ?? null, [id]);
  return <SilenceLine lastWordAtMs={lastWordAtMs} />;
}
