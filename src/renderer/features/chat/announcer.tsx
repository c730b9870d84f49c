// The voice of the running answer: a polite region beside the visible text, which itself stays silent.
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { Message } from '../../../contract/conversations.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { cutText } from './answer-cut.tsx';
import { createAnnouncer } from './announce.ts';
import { languageName } from './code-block.tsx';
import { useLiveAnswers } from './live.ts';
import { countWords, textOf } from './message-text.ts';
import { isRunning } from './store-state.ts';
import { useChatStore } from './store.ts';

export function AnswerAnnouncer() {
  const { t } = useTranslation('chat');
  // The number makes each announcement a new node: the same words twice are said twice.
  const [said, setSaid] = useState({ words: '', number: 0 });
  const runningId = useChatStore((state) => state.running.at(-1) ?? null);

  /** The answer whose voice was cut off while other pages were open: it goes on from there. */
  const cutOff = useRef<{ id: MessageId; chars: number } | null>(null);

  useEffect(() => {
    if (runningId === null) return undefined;
    const say = (words: string) => setSaid(({ number }) => ({ words, number: number + 1 }));
    const announcer = createAnnouncer(
      say,
      (language, count) => t('announce.code', { language: languageName(language) || t('code.plain'), count }),
      cutOff.current?.id === runningId ? cutOff.current.chars : 0,
    );
    const stopListening = useLiveAnswers.subscribe((all) => {
      const live = all[runningId];
      if (live) announcer.feed(textOf(live.message));
    });
    return () => {
      stopListening();
      const message = useChatStore.getState().messages[runningId];
      if (message && !isRunning(message)) announcer.finish(textOf(message), endingOf(message, t));
      else cutOff.current = { id: runningId, chars: announcer.end() };
    };
  }, [runningId, t]);

  return (
    <div className="sr" aria-live="polite" data-testid="announcer">
      {said.words === '' ? null : <span key={said.number}>{said.words}</span>}
    </div>
  );
}

function endingOf(message: Message, t: TFunction<'chat'>): string {
  const text = textOf(message);
  const reason = message.error?.message ?? t('fault.unknown');
  switch (message.state) {
    case 'stopped':
      return t('announce.stopped');
    case 'failed':
    case 'interrupted':
      return text === '' ? t('announce.failed', { reason }) : t('announce.cut', { reason });
    case 'done':
    case 'waiting':
    case 'streaming':
      break;
  }
  const why = cutText(message.usage, t);
  if (why !== null) return t('announce.cutPart', { count: countWords(text), why });
  return t('announce.finished', { count: countWords(text) });
}
