// The chats of the sidebar by day: open, rename, delete with undo, by mouse, menu and keyboard.
import './history.css';
import { CircleAlert, Pencil, Trash2 } from 'lucide-react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, RefObject, SyntheticEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationId } from '../../../contract/ids.ts';
import { asErrorInfo } from '../../lib/index.ts';
import type { MenuEntry } from '../../ui/index.ts';
import { Button, ContextMenu, forgetUndo, offerUndo, showToast, Skeleton } from '../../ui/index.ts';
import { useSettings } from '../settings/index.ts';
import type { ChatGroup } from './groups.ts';
import { groupByDay, useNowMs } from './groups.ts';
import { HistoryFilter } from './history-filter.tsx';
import { HistoryRow } from './history-row.tsx';
import { filterWords } from './sources.ts';
import {
  deleteConversation,
  loadMore,
  reloadHistory,
  renameConversation,
  restoreConversation,
  undoKey,
  useHistory,
} from './store.ts';

export interface HistoryListProps {
  /** The chat on screen; null on the page of a new chat. */
  currentId: ConversationId | null;
  onOpen: (id: ConversationId) => void;
  /** The chat on screen was deleted. */
  onCurrentDeleted: () => void;
  /** The deletion of the chat that was on screen was undone. */
  onCurrentRestored: (id: ConversationId) => void;
}

export function HistoryList(props: HistoryListProps) {
  const { currentId, onOpen } = props;
  const { t, i18n } = useTranslation('app');
  const { phase, items, hasMore, isLoadingMore, problem, filter } = useHistory();
  const answers = useAnswers();
  const nowMs = useNowMs();
  const groups = useMemo(() => groupByDay(items, nowMs, i18n.language), [items, nowMs, i18n.language]);

  const list = useRef<HTMLElement>(null);
  const [renamingId, setRenamingId] = useState<ConversationId | null>(null);
  const [menuId, setMenuId] = useState<ConversationId | null>(null);
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const [lastFocusId, setLastFocusId] = useState<ConversationId | null>(null);
  /** The row to focus as soon as it is there: after renaming, deleting a neighbour, undoing. */
  const wanted = useRef<ConversationId | null>(null);

  useLayoutEffect(() => {
    if (!wanted.current) return;
    const row = rowOf(list.current, wanted.current);
    if (!row) return;
    wanted.current = null;
    row.focus();
  });

  const remove = useDelete(props, (id) => (wanted.current = id));

  const rename = useCallback((id: ConversationId, title: string | null, by: 'key' | 'blur') => {
    if (by === 'key') wanted.current = id;
    setRenamingId(null);
    if (title !== null) renameConversation(id, title).catch(tellFailure);
  }, []);

  const press = (event: KeyboardEvent) => {
    const id = idOf(event);
    if (!id || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const target = neighbour(list.current, id, event.key);
    if (target) target.focus();
    else if (event.key === 'F2') setRenamingId(id);
    else if (event.key === 'Delete') {
      const next = neighbour(list.current, id, 'ArrowDown') ?? neighbour(list.current, id, 'ArrowUp');
      wanted.current = asId(next?.dataset.chat);
      remove(id);
    } else return;
    event.preventDefault();
  };

  const entries: MenuEntry[] = [
    { id: 'rename', label: t('history.rename'), icon: Pencil, shortcut: 'F2', run: () => setRenamingId(menuId) },
    { type: 'rule', id: 'rule' },
    {
      id: 'delete',
      label: t('history.delete'),
      icon: Trash2,
      shortcut: 'Delete',
      tone: 'danger',
      run: () => menuId && remove(menuId),
    },
  ];

  // One row is the tab stop: the last one focused, else the open chat, else the first.
  const isListed = (id: ConversationId | null) => id !== null && items.some((item) => item.id === id);
  const stopId = isListed(lastFocusId) ? lastFocusId : isListed(currentId) ? currentId : (items[0]?.id ?? null);

  return (
    <>
      {phase === 'ready' && items.length === 0 && filter === null ? null : <HistoryFilter filter={filter} />}
      <ContextMenu
        label={t('history.menu')}
        entries={entries}
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
          onFocus={(event) => setLastFocusId(idOf(event))}
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
                      onRenamed={rename}
                    />
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {hasMore ? <MoreRow isLoading={isLoadingMore} scroller={list} label={t('history.loadMore')} /> : null}
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

/** Deletes at once, with a toast that undoes it. */
function useDelete(props: HistoryListProps, want: (id: ConversationId | null) => void): (id: ConversationId) => void {
  const { t } = useTranslation('app');
  return (id) => {
    const wasCurrent = id === props.currentId;
    const deleted = deleteConversation(id);
    const undo = async () => {
      want(id);
      try {
        await deleted;
        await restoreConversation(id);
      } catch (error) {
        want(null);
        throw error;
      }
      if (wasCurrent) props.onCurrentRestored(id);
    };
    const key = undoKey(id);
    offerUndo({
      key,
      text: t('history.deleted'),
      several: (count) => t('history.deletedSeveral', { count }),
      undo: () => void undo().catch(tellFailure),
    });
    deleted.catch((error: unknown) => {
      forgetUndo(key);
      tellFailure(error);
    });
    if (wasCurrent) props.onCurrentDeleted();
  };
}

/** The foot of a list that has more: loads when it comes near the view, or when pressed. */
function MoreRow(props: { isLoading: boolean; scroller: RefObject<HTMLElement | null>; label: string }) {
  const { isLoading, scroller, label } = props;
  const row = useRef<HTMLButtonElement>(null);
  /** Then only a press tries again: the row is still in view, and would be seen at once. */
  const [hasFailed, setHasFailed] = useState(false);
  const load = useCallback(() => {
    setHasFailed(false);
    loadMore().catch((error: unknown) => {
      setHasFailed(true);
      tellFailure(error);
    });
  }, []);
  useEffect(() => {
    if (!row.current || isLoading || hasFailed) return undefined;
    const observer = new IntersectionObserver(
      (seen) => {
        if (!seen.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        load();
      },
      { root: scroller.current, rootMargin: '0px 0px 400px 0px' },
    );
    observer.observe(row.current);
    return () => observer.disconnect();
  }, [hasFailed, isLoading, load, scroller]);
  return (
    <button ref={row} type="button" className="nav-item" aria-disabled={isLoading} onClick={load}>
      <span className="muted">{label}</span>
    </button>
  );
}

function tellFailure(error: unknown): void {
  showToast({ text: asErrorInfo(error).message, icon: CircleAlert });
}

/** An id of one word: `aria-labelledby` splits at spaces. */
function headId(group: ChatGroup): string {
  return `chats-${group.key.replaceAll(/\s/g, '-')}`;
}

function wordOf(group: ChatGroup, t: (key: string) => string): string {
  return group.day.kind === 'month' ? group.day.label : t(`history.${group.day.kind}`);
}

function idOf(event: SyntheticEvent): ConversationId | null {
  const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-chat]') : null;
  return asId(row?.dataset.chat);
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
