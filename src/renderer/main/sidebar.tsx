// The sidebar: brand, what the page offers (chats, or the sections of the settings), and the engine at its foot.
import { PanelLeft, Settings as SettingsIcon, SquarePen } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationId } from '../../contract/ids.ts';
import { HistoryList } from '../features/history/index.ts';
import { SettingsNav } from '../features/settings/index.ts';
import { ariaKeyShortcut, openSettings } from '../lib/index.ts';
import type { Place } from '../lib/index.ts';
import { Icon, IconButton, Keys, Mark } from '../ui/index.ts';
import { EngineFoot } from './engine-foot.tsx';

export interface SidebarProps {
  place: Place;
  /** The chat on screen; null on the page of a new chat. */
  currentId: ConversationId | null;
  /** Whether it lies over the main pane, in a narrow window. */
  isOver: boolean;
  onHide: () => void;
  onBack: () => void;
  onOpenChat: (id: ConversationId) => void;
  onNewChat: () => void;
  onCurrentRestored: (id: ConversationId) => void;
}

export function Sidebar(props: SidebarProps) {
  const { place, currentId, isOver, onHide, onBack, onOpenChat, onNewChat, onCurrentRestored } = props;
  const { t } = useTranslation('app');
  const isSettings = place.page === 'settings';
  const aside = useRef<HTMLElement>(null);
  const newChat = useRef<HTMLButtonElement>(null);
  // Beside another page the chat is not on screen.
  const shownId = place.page === 'chat' ? currentId : null;

  // Over the pane it takes the focus, and gives it back when it goes.
  useEffect(() => {
    if (!isOver) return undefined;
    const before = document.activeElement;
    const start = aside.current?.querySelector<HTMLElement>('[aria-current="page"]');
    (start ?? aside.current?.querySelector('button'))?.focus();
    return () => {
      // Unless a page that was opened from here has taken it.
      const hasFocus = document.activeElement !== null && document.activeElement !== document.body;
      if (!hasFocus && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [isOver]);

  return (
    <aside
      ref={aside}
      className={isOver ? 'side over' : 'side'}
      aria-label={t(isSettings ? 'region.settings' : 'region.chats')}
      data-region="sidebar"
    >
      <div className="brand">
        <Mark />
        <span className="grow">{t('name')}</span>
        <IconButton icon={PanelLeft} label={t('sidebar.hide')} shortcut="Mod+B" onClick={onHide} />
      </div>
      {isSettings ? (
        <SettingsNav section={place.section} onBack={onBack} />
      ) : (
        <>
          <div className="side-top">
            <button
              ref={newChat}
              type="button"
              className="nav-item"
              aria-current={place.page === 'chat' && currentId === null ? 'page' : undefined}
              aria-keyshortcuts={ariaKeyShortcut('Mod+N')}
              onClick={onNewChat}
            >
              <Icon icon={SquarePen} />
              <span>{t('sidebar.newChat')}</span>
              <span className="end">
                <Keys shortcut="Mod+N" />
              </span>
            </button>
          </div>
          <HistoryList
            currentId={shownId}
            onOpen={onOpenChat}
            onCurrentDeleted={onNewChat}
            onCurrentRestored={onCurrentRestored}
            onOnlyDeleted={() => newChat.current?.focus()}
          />
        </>
      )}
      <div className="side-foot">
        <EngineFoot />
        {isSettings ? null : (
          <IconButton
            icon={SettingsIcon}
            label={t('sidebar.settings')}
            shortcut="Mod+,"
            onClick={() => openSettings()}
          />
        )}
      </div>
    </aside>
  );
}
