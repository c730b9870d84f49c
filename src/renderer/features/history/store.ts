// The list of chats as the sidebar holds it: pages from main, kept true by main's changes, newest first.
import { create } from 'zustand';
import type {
  ConversationChange,
  ConversationSummary,
  KnownSource,
  SourceFilter,
} from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { asErrorInfo, getClient, watch } from '../../lib/index.ts';
import { forgetUndo } from '../../ui/index.ts';

/** How many chats come at once. */
export const PAGE_SIZE = 200;

interface History {
  phase: 'loading' | 'ready' | 'failed';
  items: ConversationSummary[];
  hasMore: boolean;
  isLoadingMore: boolean;
  /** Why the list could not be loaded. */
  problem: ErrorInfo | null;
}

interface HistoryState extends History {
  /** Only chats with an answer from there; null lists all. */
  filter: SourceFilter | null;
  /** The chat whose row is to take the focus as soon as it is in the list. */
  wantedId: ConversationId | null;
}

const EMPTY: History = { phase: 'loading', items: [], hasMore: false, isLoadingMore: false, problem: null };

export const useHistory = create<HistoryState>()(() => ({ ...EMPTY, filter: null, wantedId: null }));

/** The title of a chat in the list; null for one that is not in it, or has none. */
export function useChatTitle(id: ConversationId | null): string | null {
  return useHistory(({ items }) => items.find((item) => item.id === id)?.title || null);
}

type Cursor = { updatedAtMs: number; id: ConversationId };

/** The last chat of the last page, kept apart from `items`: a chat that moves up must not make the next page skip any. */
let cursor: Cursor | undefined;
/** Chats deleted since: a page that was on its way must not bring them back. */
const gone = new Set<ConversationId>();
/** Deletions that main has not answered yet: what it tells of these chats until then is older. */
const deleting = new Set<ConversationId>();
/** Counts the times the list began anew, so that a page of an older time is dropped. */
let generation = 0;

/** Loads the first page and follows every change until the signal aborts. */
export async function followHistory(signal: AbortSignal): Promise<void> {
  useHistory.setState({ ...EMPTY, filter: null });
  await watch((options) => getClient().conversations.watch(undefined, options), applyChange, {
    signal,
    // Changes that came while nobody listened are only in a fresh page.
    onOpen: () => void reloadHistory(),
    onError: (error) => {
      if (useHistory.getState().phase === 'loading')
        useHistory.setState({ phase: 'failed', problem: asErrorInfo(error) });
    },
  });
}

/** Lists only the chats with an answer from there; null lists all again. */
export function filterHistory(filter: SourceFilter | null): void {
  useHistory.setState({ ...EMPTY, filter });
  cursor = undefined;
  void reloadHistory();
}

/** The backends and models that answered here. Rejects with main's error. */
export function loadSources(): Promise<KnownSource[]> {
  return getClient().conversations.sources();
}

/** Loads the first page again, in place of all that was loaded. */
export async function reloadHistory(): Promise<void> {
  generation += 1;
  const mine = generation;
  const changed = new Set(useHistory.getState().items);
  try {
    const page = await getClient().conversations.list({ limit: PAGE_SIZE, ...wanted() });
    if (mine !== generation) return;
    // What main said while the page was on its way is newer than the page.
    const fresher = useHistory.getState().items.filter((item) => !changed.has(item));
    cursor = lastOf(page.items);
    useHistory.setState({ ...EMPTY, phase: 'ready', items: merge(page.items, fresher), hasMore: page.hasMore });
  } catch (error) {
    if (mine !== generation) return;
    useHistory.setState((state) =>
      state.items.length > 0 ? state : { ...state, phase: 'failed', problem: asErrorInfo(error) },
    );
  }
}

/** Loads the next page; does nothing while one is on its way or when there is none. Rejects with main's error. */
export async function loadMore(): Promise<void> {
  const { hasMore, isLoadingMore } = useHistory.getState();
  if (!hasMore || isLoadingMore || !cursor) return;
  const mine = generation;
  useHistory.setState({ isLoadingMore: true });
  try {
    const page = await getClient().conversations.list({ limit: PAGE_SIZE, after: cursor, ...wanted() });
    if (mine !== generation) return;
    cursor = lastOf(page.items) ?? cursor;
    useHistory.setState((state) => ({ items: merge(page.items, state.items), hasMore: page.hasMore }));
  } finally {
    if (mine === generation) useHistory.setState({ isLoadingMore: false });
  }
}

/** Renames at once on screen, then in main; takes it back and rejects when main refuses. */
export async function renameConversation(id: ConversationId, title: string): Promise<void> {
  const before = find(id);
  if (before?.title === title) return;
  if (before) put({ ...before, title });
  try {
    put(await getClient().conversations.rename({ id, title }));
  } catch (error) {
    if (before) put(before);
    throw error;
  }
}

/** Takes the chat off the list at once, then moves it to the bin; brings it back and rejects when main refuses. */
export async function deleteConversation(id: ConversationId): Promise<void> {
  const before = find(id);
  drop(id);
  deleting.add(id);
  try {
    await getClient().conversations.delete({ id });
  } catch (error) {
    if (before) put(before);
    throw error;
  } finally {
    deleting.delete(id);
  }
}

/** The row of this chat takes the focus as soon as it is in the list; null calls that off. */
export function focusRow(wantedId: ConversationId | null): void {
  useHistory.setState({ wantedId });
}

/** What names the deletion of a chat among those that can be undone. */
export const undoKey = (id: ConversationId): string => `chat:${id}`;

/** Brings a deleted chat back. Rejects with main's error. */
export async function restoreConversation(id: ConversationId): Promise<void> {
  put(await getClient().conversations.restore({ id }));
}

function applyChange(change: ConversationChange): void {
  if (change.type === 'gone') {
    for (const id of change.ids) forgetUndo(undoKey(id));
    return;
  }
  // It is back, whoever brought it.
  if (change.type === 'changed' && !deleting.has(change.conversation.id)) forgetUndo(undoKey(change.conversation.id));
  if (change.type === 'deleted') drop(change.id);
  // An answer is never taken back: a chat that is in the filtered list stays in it.
  else if (useHistory.getState().filter === null || find(change.conversation.id)) put(change.conversation);
  else void putIfListed(change.conversation);
}

/** A chat that changed may have got the answer that the list is filtered by: main knows. */
async function putIfListed({ id, updatedAtMs }: ConversationSummary): Promise<void> {
  const mine = generation;
  // The place just before the chat; within one millisecond there is hardly another one.
  const after = { updatedAtMs: updatedAtMs + 1, id };
  try {
    const { items } = await getClient().conversations.list({ limit: NEIGHBOURS, after, ...wanted() });
    const found = items.find((item) => item.id === id);
    if (found && mine === generation && !gone.has(id)) put(found);
  } catch {
    // It comes with the next change, or when the list is loaded again.
  }
}

/** Enough to find a chat among those of the same millisecond. */
const NEIGHBOURS = 10;

function wanted(): { source?: SourceFilter } {
  const { filter } = useHistory.getState();
  return filter ? { source: filter } : {};
}

function find(id: ConversationId): ConversationSummary | undefined {
  return useHistory.getState().items.find((item) => item.id === id);
}

function put(conversation: ConversationSummary): void {
  gone.delete(conversation.id);
  useHistory.setState((state) => {
    // One that belongs to a page not loaded yet comes with that page.
    const isBeyond = state.hasMore && cursor !== undefined && compare(conversation, cursor) > 0;
    const others = state.items.filter((item) => item.id !== conversation.id);
    return { items: isBeyond ? others : merge([conversation], others) };
  });
}

function drop(id: ConversationId): void {
  gone.add(id);
  useHistory.setState((state) => ({ items: state.items.filter((item) => item.id !== id) }));
}

/** Both lists as one, newest first; where both know a chat, the second one counts. */
function merge(page: ConversationSummary[], known: ConversationSummary[]): ConversationSummary[] {
  const knownIds = new Set(known.map((item) => item.id));
  const fresh = page.filter((item) => !knownIds.has(item.id) && !gone.has(item.id));
  return [...fresh, ...known].toSorted(compare);
}

function compare(a: Cursor, b: Cursor): number {
  return b.updatedAtMs - a.updatedAtMs || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

function lastOf(items: ConversationSummary[]): Cursor | undefined {
  const last = items.at(-1);
  return last && { updatedAtMs: last.updatedAtMs, id: last.id };
}
