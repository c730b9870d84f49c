// The chats of the sidebar by day: open, rename, delete with undo, by mouse, menu and keyboard.
import './history.css';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationId } from '../../../contract/ids.ts';
import { Button, ContextMenu, Skeleton } from '../../ui/index.ts';
import { useSettings } from '../settings/index.ts';
import { chatEntries } from './chat-entries.ts';
import { deleteWithUndo } from './deleting.ts';
import type { ChatGroup } from './groups.ts';
import { groupByDay, useNowMs } from './groups.ts';
import { HistoryFilter } from './history-filter.tsx';
import { HistoryRow } from './history-row.tsx';
import { MoreRow } from './more-row.tsx';
import { filterWords } from './sources.ts';
import { focusRow, loadMore, reloadHistory, renameConversation, useHistory } from './store.ts';
import { tellFailure } from './tell.ts';

export interface HistoryListProps {
  /** The chat on screen; null on the page of a new chat. */
  currentId: ConversationId | null;
  onOpen: (id: ConversationId) => void;
  /** The chat on screen was deleted. */
  onCurrentDeleted: () => void;
  /** The deletion of the chat that was on screen was undone. */
  onCurrentRestored: (id: ConversationId) => void;
  /** The only chat of the list is deleted: the focus needs another place. */
  onOnlyDeleted: () => void;
}

export function HistoryList(props: HistoryListProps) {
  const { currentId, onOpen } = props;
  const { t, i18n } = useTranslation('app');
  const { phase, items, hasMore, isLoadingMore, problem, filter, wantedId } = useHistory();
  const answers = useAnswers();
  const nowMs = useNowMs();
  const groups = useMemo(() => groupByDay(items, nowMs, i18n.language), [items, nowMs, i18n.language]);

  const list = useRef<HTMLElement>(null);
  const [renamingId, setRenamingId] = useState<ConversationId | null>(null);
  const [menuId, setMenuId] = useState<ConversationId | null>(null);
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const [lastFocusId, setLastFocusId] = useState<ConversationId | null>(null);

  // After renaming, deleting a neighbour, undoing. One that is not in the list by now is let be.
  useLayoutEffect(() => {
    if (wantedId === null) return;
    rowOf(list.current, wantedId)?.focus();
    focusRow(null);
  }, [wantedId]);

  // The rows keep one function for their menus, however often the list is drawn.
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const remove = useCallback((id: ConversationId) => {
    const { onOnlyDeleted, ...rest } = latest.current;
    const isCurrent = id === rest.currentId;
    const next = neighbour(list.current, id, 'ArrowDown') ?? neighbour(list.current, id, 'ArrowUp');
    if (next) focusRow(asId(next.dataset.chat));
    else if (!isCurrent) onOnlyDeleted();
    deleteWithUndo(id, { ...rest, isCurrent });
  }, []);
  const entriesOf = useCallback(
    (id: ConversationId) => chatEntries({ t, rename: () => setRenamingId(id), remove: () => remove(id) }),
    [remove, t],
  );

  const rename = useCallback((id: ConversationId, title: string | null, by: 'key' | 'blur') => {
    setRenamingId(null);
    if (by === 'key') focusRow(id);
    if (title !== null) renameConversation(id, title).catch(tellFailure);
  }, []);

  const press = (event: KeyboardEvent) => {
    const id = idOf(event);
    if (!id || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = neighbour(list.current, id, event.key);
    if (target) target.focus();
    else if (event.key === 'F2') setRenamingId(id);
    else if (event.key === 'Delete') remove(id);
    else return;
    event.preventDefault();
  };

  // One row is the tab stop: the last one focused, else the open chat, else the first.
  const isListed = (id: ConversationId | null) => id !== null && items.some((item) => item.id === id);
  const stopId = isListed(lastFocusId) ? lastFocusId : isListed(currentId) ? currentId : (items[0]?.id ?? null);

  return (
    <>
      <HistoryFilter filter={filter} hasChats={phase !== 'ready' || items.length > 0 || filter !== null} />
      <ContextMenu
        label={t('history.menu')}
        entries={() => (menuId === null ? [] : entriesOf(menuId))}
        onContextMenu={(event) => {
          const id = idOf(event);
          if (id) setMenuId(id);
          else event.preventDefault();
        }}
        onOpenChange={setIsMenuOpen}
        onCloseAutoFocus={(event) => {
          if (renamingId !== null) event.preventDefault();
        }}
      >
        <nav
          ref={list}
          className="side-scroll"
          aria-label={t('history.label')}
          onClick={(event: MouseEvent) => {
            const id = idOf(event);
            if (id) onOpen(id);
          }}
          onKeyDown={press}
          onFocus={(event) => setLastFocusId(idOf(event, '[data-row]'))}
        >
          {phase === 'loading' ? (
            <div className="px-2 pt-4">
              <Skeleton label={t('history.loading')} />
            </div>
          ) : null}
          {phase === 'failed' ? (
            <div className="px-2 pt-3 text-12 text-ink-3" role="alert">
              <p>{problem?.message ?? t('history.failed')}</p>
              <Button className="mt-2" size="sm" onClick={() => void reloadHistory()}>
                {t('history.retry')}
              </Button>
            </div>
          ) : null}
          {phase === 'ready' && items.length === 0 ? (
            <p className="px-2 pt-3 text-12 text-ink-3">
              {filter ? t('history.filter.empty', { source: filterWords(filter, t) }) : t('history.empty')}
            </p>
          ) : null}
          {groups.map((group) => (
            <section key={group.key} aria-labelledby={headId(group)}>
              <h2 className="side-label" id={headId(group)}>
                {wordOf(group, t)}
              </h2>
              <ul>
                {group.items.map((chat) => (
                  <li key={chat.id}>
                    <HistoryRow
                      chat={chat}
                      isCurrent={chat.id === currentId}
                      isTabStop={chat.id === stopId}
                      isMenuOpen={isMenuOpen && chat.id === menuId}
                      isRenaming={chat.id === renamingId}
                      answer={answers.get(chat.id) ?? null}
                      entriesOf={entriesOf}
                      onRenamed={rename}
                    />
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {hasMore ? (
            <MoreRow isLoading={isLoadingMore} scroller={list} label={t('history.loadMore')} load={loadMore} />
          ) : null}
        </nav>
      </ContextMenu>
    </>
  );
}

/** In which chats an answer is written or waited for, by whomever. */
function useAnswers(): ReadonlyMap<ConversationId, 'running' | 'waiting'> {
  const chats = useSettings((state) => state.queue?.chats);
  return useMemo(() => new Map(chats?.map(({ id, state }) => [id, state])), [chats]);
}

/** An id of one word: `aria-labelledby` splits at spaces. */
function headId(group: ChatGroup): string {
  return `chats-${group.key.replaceAll(/\s/g, '-')}`;
}

function wordOf(group: ChatGroup, t: (key: string) => string): string {
  return group.day.kind === 'month' ? group.day.label : t(`history.${group.day.kind}`);
}

/** @param within what counts as the chat: its button, or its row with the button of its menu */
function idOf(event: SyntheticEvent, within: '[data-chat]' | '[data-row]' = '[data-chat]'): ConversationId | null {
  const found = event.target instanceof Element ? event.target.closest<HTMLElement>(within) : null;
  return asId(found?.dataset.chat ?? found?.dataset.row);
}

/** The only ids in the page are those that the list put there. */
function asId(text: string | undefined): ConversationId | null {
  return (text as ConversationId | undefined) ?? null;
}

function rowOf(list: HTMLElement | null, id: ConversationId): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-chat="${id}"]`) ?? null;
}

/** The row that a key leads to, or null when there is none. */
function neighbour(list: HTMLElement | null, id: ConversationId, key: string): HTMLElement | null {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-chat]') ?? [])];
  const at = rows.findIndex((row) => row.dataset.chat === id);
  switch (key) {
    case 'ArrowDown':
      return rows[at + 1] ?? null;
    case 'ArrowUp':
      return rows[at - 1] ?? null;
    case 'Home':
      return rows[0] ?? null;
    case 'End':
      return rows.at(-1) ?? null;
    default:
      return null;
  }
}
