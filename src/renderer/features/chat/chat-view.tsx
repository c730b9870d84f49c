// The main pane's chat: title bar, conversation or welcome, composer.
import './chat.css';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Fault, Skeleton, TopBar } from '../../ui/index.ts';
import { ChatTitle } from '../history/index.ts';
import { AnswerAnnouncer } from './announcer.tsx';
import { BinDock } from './bin-dock.tsx';
import { Conversation } from './conversation.tsx';
import { Dock } from './dock.tsx';
import { EmptyState } from './empty-state.tsx';
import { useChatStore } from './store.ts';
import { useVersionKeys } from './use-version-keys.ts';
import { VersionAnnouncer } from './version-announcer.tsx';

export function ChatView() {
  const phase = useChatStore((state) => state.phase);
  const pendingQuestion = useChatStore((state) => state.pendingQuestion);
  const viewNumber = useChatStore((state) => state.viewNumber);
  const isNew = phase === 'new' && pendingQuestion === null;
  useEffect(() => useChatStore.getState().connect(), []);
  useEscapeToStop();
  useVersionKeys();

  return (
    <>
      <TopBar {...(phase === 'ready' ? { title: <Title /> } : {})} />
      {isNew ? (
        <EmptyState key={viewNumber} />
      ) : phase === 'loading' ? (
        <Opening />
      ) : phase === 'failed' ? (
        <OpenFailed />
      ) : (
        <Talk />
      )}
      <AnswerAnnouncer />
      <VersionAnnouncer />
    </>
  );
}

/** With a menu, except of a chat in the bin: that one is only looked into. */
function Title() {
  const { t } = useTranslation('chat');
  const id = useChatStore((state) => state.conversationId);
  const title = useChatStore((state) => state.title) ?? '';
  const isInBin = useChatStore((state) => state.bin !== null);
  const startNew = useChatStore((state) => state.startNew);
  const openRestored = useChatStore((state) => state.openRestored);
  if (id === null || isInBin) return title || t('title.new');
  return <ChatTitle key={id} id={id} title={title} onDeleted={startNew} onRestored={openRestored} />;
}

function Talk() {
  const order = useChatStore((state) => state.order);
  const pendingQuestion = useChatStore((state) => state.pendingQuestion);
  const viewNumber = useChatStore((state) => state.viewNumber);
  const bin = useChatStore((state) => state.bin);
  return (
    <>
      <Conversation key={viewNumber} order={order} pendingQuestion={pendingQuestion} />
      {bin ? <BinDock bin={bin} /> : <Dock place="bottom" />}
    </>
  );
}

function Opening() {
  const { t } = useTranslation('chat');
  return (
    <div className="opening col">
      <Skeleton label={t('conversation.loading')} />
    </div>
  );
}

function OpenFailed() {
  const { t } = useTranslation('chat');
  const id = useChatStore((state) => state.conversationId);
  const problem = useChatStore((state) => state.problem);
  const retry = () => id && void useChatStore.getState().open(id);
  return (
    <div className="opening col">
      <Fault
        title={t('conversation.failed')}
        role="alert"
        actions={
          <Button size="sm" onClick={retry}>
            {t('conversation.tryAgain')}
          </Button>
        }
      >
        {problem?.message}
      </Fault>
    </div>
  );
}

/** Esc ends the running answer, wherever the focus is, unless a menu or a field takes it. */
function useEscapeToStop(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
      if (useChatStore.getState().running.length === 0) return;
      event.preventDefault();
      void useChatStore.getState().stop();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
