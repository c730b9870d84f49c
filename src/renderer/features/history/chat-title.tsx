// The title of the open chat: a menu of what can be done with it, and the field in its place while it is renamed.
import { ChevronDown } from 'lucide-react';
import { useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationId } from '../../../contract/ids.ts';
import { Icon, Menu } from '../../ui/index.ts';
import { chatEntries } from './chat-entries.ts';
import { deleteWithUndo } from './deleting.ts';
import { RenameField } from './history-row.tsx';
import { renameConversation } from './store.ts';
import { tellFailure } from './tell.ts';

export interface ChatTitleProps {
  id: ConversationId;
  title: string;
  onDeleted: () => void;
  /** Its deletion was undone. */
  onRestored: (id: ConversationId) => void;
}

export function ChatTitle({ id, title, onDeleted, onRestored }: ChatTitleProps) {
  const { t } = useTranslation('app');
  const [isRenaming, setIsRenaming] = useState(false);
  /** After the keys have ended the renaming, the button is back and takes the focus. */
  const takesFocus = useRef(false);
  const name = title || t('history.untitled');

  if (isRenaming) {
    const finish = (_: ConversationId, next: string | null, by: 'key' | 'blur') => {
      takesFocus.current = by === 'key';
      setIsRenaming(false);
      if (next !== null) renameConversation(id, next).catch(tellFailure);
    };
    return <RenameField chat={{ id, title }} onRenamed={finish} />;
  }
  const remove = () =>
    deleteWithUndo(id, { isCurrent: true, onCurrentDeleted: onDeleted, onCurrentRestored: onRestored });
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === 'F2') setIsRenaming(true);
    else if (event.key === 'Delete') remove();
    else return;
    event.preventDefault();
  };
  const focusOnce = (button: HTMLButtonElement | null) => {
    if (!takesFocus.current) return;
    takesFocus.current = false;
    button?.focus();
  };
  return (
    <Menu
      label={t('history.menu')}
      entries={chatEntries({ t, rename: () => setIsRenaming(true), remove })}
      trigger={
        <button
          ref={focusOnce}
          type="button"
          className="title-menu"
          data-tip={name}
          data-tip-cut=""
          aria-keyshortcuts="F2 Delete"
          onKeyDown={press}
        >
          <span className="clip">{name}</span>
          <Icon icon={ChevronDown} size={14} />
        </button>
      }
    />
  );
}
