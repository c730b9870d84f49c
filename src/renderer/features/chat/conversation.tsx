// The messages of the open conversation, with their end in sight.
import { ArrowDown } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { MessageId } from '../../../contract/ids.ts';
import { Button } from '../../ui/index.ts';
import { useCopiedWords } from './copied-text.ts';
import { keepSelection } from './keep-selection.ts';
import { MessageRow } from './message-row.tsx';
import { QuestionBubble } from './question-bubble.tsx';
import { useChatStore } from './store.ts';
import { useHeldPlace } from './use-held-place.ts';
import { useStickToEnd } from './use-stick-to-end.ts';

export interface ConversationProps {
  order: readonly MessageId[];
  pendingQuestion: string | null;
}

export function Conversation({ order, pendingQuestion }: ConversationProps) {
  const { t } = useTranslation('chat');
  const { scroller, content, isAtEnd, toEnd, letGo } = useStickToEnd();
  useCopiedWords(content);
  useHeldPlace({ scroller, content, letGo });

  // Whoever asks wants to see the answer.
  useEffect(() => {
    if (pendingQuestion !== null) toEnd();
  }, [pendingQuestion, toEnd]);

  useEffect(() => (content.current ? keepSelection(content.current) : undefined), [content]);

  // The button goes when it has done its work; the keys that scroll stay with the reader.
  const readOn = () => {
    toEnd();
    scroller.current?.focus({ preventScroll: true });
  };

  return (
    <div className="talk">
      <div
        ref={scroller}
        className="talk-scroll"
        role="log"
        aria-live="off"
        aria-label={t('conversation.label')}
        data-region="conversation"
        tabIndex={0}
      >
        <div ref={content} className="col">
          {order.map((id, index) => (
            <MessageRow key={placeOf(id)} id={id} isLatest={index === order.length - 1 && pendingQuestion === null} />
          ))}
          {pendingQuestion === null ? null : <QuestionBubble text={pendingQuestion} isPending />}
        </div>
      </div>
      {isAtEnd ? null : (
        <Button className="latest" size="sm" icon={ArrowDown} onClick={readOn}>
          {t('conversation.latest')}
        </Button>
      )}
    </div>
  );
}

/** What it follows: a row stays when another version is shown in it, and the focus with it. */
function placeOf(id: MessageId): string {
  return useChatStore.getState().messages[id]?.parentId ?? 'first';
}
