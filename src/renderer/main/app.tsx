// The main window: sidebar, the pane with the chat or the settings, what floats above both, and the first start in their place.
import { ArrowLeft, PanelLeft, SquarePen } from 'lucide-react';
import { Activity, Suspense, useCallback, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationId } from '../../contract/ids.ts';
import { ChatView, useChatStore } from '../features/chat/index.ts';
import { BinPage, followHistory } from '../features/history/index.ts';
import { followEngine } from '../features/engine/index.ts';
import { followModels } from '../features/models/index.ts';
import { followFirstStart, Onboarding } from '../features/onboarding/index.ts';
import { followSettings, SettingsSectionSelect } from '../features/settings/index.ts';
import { closeSettings, openChats, openSettings, useNavigation } from '../lib/index.ts';
import { DimmedTitleBar, IconButton, ToastRegion, TooltipLayer, TopBarBelow, TopBarLead } from '../ui/index.ts';
import { BlockedPage } from './blocked-page.tsx';
import { Notices } from './notices.tsx';
import { focusNextRegion } from './regions.ts';
import { SettingsPage } from './settings-page.tsx';
import { Sidebar } from './sidebar.tsx';
import { followAppStatus, useAppStatus } from './status.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useSidebar } from './use-sidebar.ts';

export function App() {
  const { t } = useTranslation('app');
  const status = useAppStatus((state) => state.status);
  const phase = status?.phase ?? 'starting';
  const toastWords = useMemo(
    () => ({
      region: t('region.messages'),
      dismiss: t('toast.dismiss'),
      undo: t('toast.undo'),
      undoAll: t('toast.undoAll'),
      deletions: (count: number) => t('toast.deletions', { count }),
    }),
    [t],
  );
  useFollow(followAppStatus);
  useFollow(followSettings);
  useFollow(followEngine);
  // Before that there is no history to ask for.
  useFollow(phase === 'ready' ? followHistory : null);
  useFollow(phase === 'ready' ? followModels : null);
  useFollow(phase === 'ready' ? followFirstStart : null);

  return (
    <>
      {status?.phase === 'blocked' ? <BlockedPage status={status} /> : <Window />}
      <ToastRegion words={toastWords} />
      <TooltipLayer />
    </>
  );
}

function Window() {
  const { t } = useTranslation('app');
  const place = useNavigation((state) => state.place);
  const status = useAppStatus((state) => state.status);
  const notices = status?.notices;
  const currentId = useChatStore((state) => state.conversationId);
  const { isShown, isOver, toggle, closeOver } = useSidebar(place);
  const isSettings = place.page === 'settings';
  const section = isSettings ? place.section : null;
  const isOnboarding = place.page === 'onboarding';
  const isBeside = isShown && !isOver && !isOnboarding;

  const leaveFor = useCallback(
    (go: () => void, leave = openChats) => {
      // A field that is being edited saves when it is left.
      if (isSettings && document.activeElement instanceof HTMLElement) document.activeElement.blur();
      closeOver();
      leave();
      go();
    },
    [closeOver, isSettings],
  );

  const back = () => leaveFor(() => undefined, closeSettings);
  const newChat = useCallback(() => leaveFor(() => useChatStore.getState().startNew()), [leaveFor]);
  const openChat = (id: ConversationId) => leaveFor(() => void useChatStore.getState().open(id));

  const shortcuts = {
    'Mod+N': newChat,
    'Mod+B': toggle,
    'Mod+,': () => (isSettings ? back() : openSettings()),
    F6: () => focusNextRegion(1),
    'Shift+F6': () => focusNextRegion(-1),
    Escape: () => {
      // The chat stops its running answer, whoever of the two hears the key first.
      if (!isSettings && useChatStore.getState().running.length > 0) return false;
      if (isOver) closeOver();
      else if (isSettings) back();
      else if (place.page === 'bin') leaveFor(() => undefined);
      // Nothing to stop, nothing to close: Esc leads back to writing.
      else useChatStore.getState().focusComposer();
      return undefined;
    },
  };
  // The onboarding has one way on and one out, both on screen.
  useShortcuts(isOnboarding ? {} : shortcuts);

  const lead = useMemo(
    () =>
      isShown && !isOver ? null : (
        <span className="row -ml-2 gap-1 pr-1">
          <IconButton icon={PanelLeft} label={t('sidebar.show')} shortcut="Mod+B" onClick={toggle} />
          {isSettings ? (
            <IconButton icon={ArrowLeft} label={t('sidebar.back')} shortcut="Escape" onClick={closeSettings} />
          ) : null}
          <IconButton icon={SquarePen} label={t('sidebar.newChat')} shortcut="Mod+N" onClick={newChat} />
          {section === null ? null : <SettingsSectionSelect section={section} />}
        </span>
      ),
    [isOver, isSettings, isShown, newChat, section, t, toggle],
  );
  const below = useMemo(() => (notices?.length ? <Notices notices={notices} /> : null), [notices]);

  return (
    <div className={isBeside ? 'app' : 'app no-side'}>
      {isOver ? (
        <>
          <DimmedTitleBar />
          <div className="side-scrim" aria-hidden="true" onClick={closeOver} />
        </>
      ) : null}
      {isShown && !isOnboarding ? (
        <Sidebar
          place={place}
          currentId={currentId}
          isOver={isOver}
          onHide={toggle}
          onBack={back}
          onNewChat={newChat}
          onOpenChat={openChat}
          onCurrentRestored={(id) => useChatStore.getState().openRestored(id)}
        />
      ) : null}
      <TopBarLead value={lead}>
        <TopBarBelow value={below}>
          <main className="main" inert={isOver}>
            {/* The chat stays as it is, with what is being written, while another page is open. */}
            <Activity mode={place.page === 'chat' ? 'visible' : 'hidden'}>
              <ChatView />
            </Activity>
            {/* Pages are read from disk when they are first opened: too short for a word about it. */}
            <Suspense fallback={null}>
              {isSettings ? (
                <SettingsPage
                  key={place.section}
                  section={place.section}
                  app={status}
                  onNewChat={newChat}
                  onOpenChat={openChat}
                />
              ) : null}
              {isOnboarding ? <Onboarding /> : null}
              {place.page === 'bin' ? <BinPage onLook={openChat} /> : null}
            </Suspense>
          </main>
        </TopBarBelow>
      </TopBarLead>
    </div>
  );
}

/** Runs something that follows main for as long as it is given; its signal aborts afterwards. */
function useFollow(follow: ((signal: AbortSignal) => Promise<void>) | null): void {
  useEffect(() => {
    if (!follow) return undefined;
    const life = new AbortController();
    void follow(life.signal);
    return () => life.abort();
  }, [follow]);
}
