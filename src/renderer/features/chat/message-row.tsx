// One message of the open conversation, joined to the stores: a token wakes this row and no other.
import { memo, useMemo } from 'react';
import type { MessageId } from '../../../contract/ids.ts';
import { getClient, openSettings } from '../../lib/index.ts';
import { Answer } from './answer.tsx';
import type { AnswerActions } from './answer.tsx';
import { useLiveAnswers } from './live.ts';
import { textOf } from './message-text.ts';
import { QuestionBubble } from './question-bubble.tsx';
import { isAsking } from './store-state.ts';
import { useChatStore } from './store.ts';

export const MessageRow = memo(function MessageRow({ id, isLatest }: { id: MessageId; isLatest: boolean }) {
  const stored = useChatStore((state) => state.messages[id]);
  const thoughtMs = useChatStore((state) => state.thoughtMs[id] ?? null);
  const live = useLiveAnswers((all) => all[id] ?? null);
  const isHeld = useChatStore((state) => stored?.versions !== undefined && isAsking(state));
  const isInBin = useChatStore((state) => state.bin !== null);
  const actions = useMemo(() => actionsFor(id), [id]);
  const message = live?.message ?? stored;
  if (!message) return null;
  if (message.role === 'user') return <QuestionBubble text={textOf(message)} emotion={message.emotion} />;
  // In the bin nothing changes, not even which version is shown.
  const versions = !isInBin && stored?.versions && { all: stored.versions, isHeld };
  return (
    <Answer {...{ message, live, thoughtMs, isLatest, actions }} isReadOnly={isInBin} versions={versions || null} />
  );
});

function actionsFor(id: MessageId): AnswerActions {
  const chat = () => useChatStore.getState();
  // These buttons go with what they change; then one is back at the composer, not nowhere.
  const then = (run: () => unknown) => () => {
    void run();
    chat().focusComposer();
  };
  return {
    askAgain: then(() => chat().askAgain(id)),
    goOn: then(() => chat().goOn(id)),
    // The row stays, and the switcher with the focus in it.
    showVersion: (by) => void chat().showVersion(id, by),
    stop: then(() => chat().stop()),
    lookAgain: then(() => chat().followAgain(id)),
    checkBackends: () => getClient().backends.check(),
    chooseBackend: () => openSettings('backends'),
    smallerModel: () => openSettings('models'),
    newChat: () => {
      void chat().stop();
      chat().startNew();
    },
  };
}
