// One chat in the sidebar, or the field in its place while it is renamed. Clicks and keys are read by the list.
import { Ellipsis } from 'lucide-react';
import { memo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationSummary } from '../../../contract/conversations.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { TITLE_MAX_CHARS } from '../../../contract/limits.ts';
import type { MenuEntry } from '../../ui/index.ts';
import { Dot, Field, RowMenu, VisuallyHidden } from '../../ui/index.ts';

export interface HistoryRowProps {
  chat: ConversationSummary;
  isCurrent: boolean;
  /** One row of the list is in the tab order; arrows move from there. */
  isTabStop: boolean;
  isMenuOpen: boolean;
  isRenaming: boolean;
  /** Whether an answer is written in it, or waited for. */
  answer: 'running' | 'waiting' | null;
  entriesOf: (id: ConversationId) => MenuEntry[];
  /** Called once with the new title, or null when it stays. */
  onRenamed: (id: ConversationId, title: string | null, by: 'key' | 'blur') => void;
}

export const HistoryRow = memo(function HistoryRow(props: HistoryRowProps) {
  const { chat, isCurrent, isTabStop, isMenuOpen, isRenaming, answer, entriesOf, onRenamed } = props;
  const { t } = useTranslation('app');
  if (isRenaming) return <RenameField chat={chat} onRenamed={onRenamed} />;
  const title = chat.title || t('history.untitled');
  return (
    <div className="side-row" data-row={chat.id}>
      <button
        type="button"
        className="nav-item"
        data-chat={chat.id}
        data-menu-open={isMenuOpen ? '' : undefined}
        data-tip={title}
        data-tip-cut=""
        aria-current={isCurrent ? 'page' : undefined}
        aria-keyshortcuts="F2 Delete"
        tabIndex={isTabStop ? 0 : -1}
      >
        <span className="clip grow">{title}</span>
        {answer === null ? null : (
          <>
            <Dot tone={answer === 'running' ? 'live' : 'off'} />
            <VisuallyHidden>{t(`history.answer.${answer}`)}</VisuallyHidden>
          </>
        )}
      </button>
      <RowMenu
        label={t('history.menuOf', { title })}
        icon={Ellipsis}
        isTabStop={isTabStop}
        entries={() => entriesOf(chat.id)}
      />
    </div>
  );
});

interface RenameFieldProps {
  chat: Pick<ConversationSummary, 'id' | 'title'>;
  onRenamed: HistoryRowProps['onRenamed'];
}

/** Enter and leaving it keep what was written, Esc does not. */
export function RenameField({ chat, onRenamed }: RenameFieldProps) {
  const { t } = useTranslation('app');
  const [title, setTitle] = useState(chat.title);
  // Leaving the page with the field blurs it once more.
  const isOver = useRef(false);
  const finish = (text: string, by: 'key' | 'blur') => {
    if (isOver.current) return;
    isOver.current = true;
    const trimmed = text.trim();
    onRenamed(chat.id, trimmed === '' || trimmed === chat.title ? null : trimmed, by);
  };
  return (
    <Field
      ref={selectAll}
      size="sm"
      label={t('history.renameField')}
      value={title}
      maxLength={TITLE_MAX_CHARS}
      spellCheck
      onChange={(event) => setTitle(event.target.value)}
      onBlur={() => finish(title, 'blur')}
      onKeyDown={(event) => {
        // The keys of the list and of the window are not meant here.
        event.stopPropagation();
        if (event.nativeEvent.isComposing) return;
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        // Else Enter would go on to press the row that takes the focus.
        event.preventDefault();
        finish(event.key === 'Enter' ? title : chat.title, 'key');
      }}
    />
  );
}

function selectAll(input: HTMLInputElement | null): void {
  input?.focus();
  input?.select();
}
