// What is in the bin, as its page holds it: pages from main, deleted last first, kept true by main's changes.
import { create } from 'zustand';
import type { BinEntry, ConversationChange } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { asErrorInfo, getClient, watch } from '../../lib/index.ts';

/** How many come at once. */
const PAGE_SIZE = 200;

interface Bin {
  phase: 'loading' | 'ready' | 'failed';
  items: readonly BinEntry[];
  /** How many there are in all, also those not loaded yet. */
  total: number;
  isLoadingMore: boolean;
  /** Why it could not be loaded. */
  problem: ErrorInfo | null;
}

const EMPTY: Bin = { phase: 'loading', items: [], total: 0, isLoadingMore: false, problem: null };

export const useBin = create<Bin>()(() => EMPTY);

/** Loads the first page and follows every change until the signal aborts. */
export async function followBin(signal: AbortSignal): Promise<void> {
  useBin.setState(EMPTY, true);
  await watch((options) => getClient().conversations.watch(undefined, options), applyChange, {
    signal,
    onOpen: () => void reloadBin(),
    onError: (error) => {
      if (useBin.getState().phase === 'loading') useBin.setState({ phase: 'failed', problem: asErrorInfo(error) });
    },
  });
}

/** Loads the first page; what came in since stands at its head, and what was loaded behind it stays. */
export async function reloadBin(): Promise<void> {
  try {
    const page = await getClient().bin.list({ limit: PAGE_SIZE });
    const listed = new Set(page.items.map(({ id }) => id));
    const last = page.items.at(-1);
    useBin.setState(({ items }) => {
      const behind = last === undefined ? [] : items.filter((item) => !listed.has(item.id) && isBehind(item, last));
      return { phase: 'ready', problem: null, items: [...page.items, ...behind], total: page.total };
    });
  } catch (error) {
    useBin.setState(({ phase }) => (phase === 'ready' ? {} : { phase: 'failed', problem: asErrorInfo(error) }));
  }
}

/** Loads the next page; does nothing while one is on its way or when there is none. Rejects with main's error. */
export async function loadMoreOfBin(): Promise<void> {
  const { items, total, isLoadingMore } = useBin.getState();
  const last = items.at(-1);
  if (isLoadingMore || last === undefined || items.length >= total) return;
  useBin.setState({ isLoadingMore: true });
  try {
    const after = { deletedAtMs: last.bin.deletedAtMs, id: last.id };
    const page = await getClient().bin.list({ limit: PAGE_SIZE, after });
    useBin.setState((state) => {
      const known = new Set(state.items.map(({ id }) => id));
      return { items: [...state.items, ...page.items.filter(({ id }) => !known.has(id))], total: page.total };
    });
  } finally {
    useBin.setState({ isLoadingMore: false });
  }
}

/** Deletes one for good. Rejects with main's error. */
export async function deleteForGood(id: ConversationId): Promise<void> {
  await getClient().bin.delete({ id });
  takeOut([id]);
}

/** Deletes for good all that is in the list by now; what others delete meanwhile stays. Rejects with main's error. */
export async function emptyBin(): Promise<void> {
  const [newest] = useBin.getState().items;
  if (newest) await getClient().bin.empty({ deletedUpToMs: newest.bin.deletedAtMs });
  await reloadBin();
}

function applyChange(change: ConversationChange): void {
  if (change.type === 'deleted') void reloadBin();
  else takeOut(change.type === 'gone' ? change.ids : [change.conversation.id]);
}

function takeOut(ids: readonly ConversationId[]): void {
  const out = new Set(ids);
  useBin.setState(({ items, total }) => {
    const left = items.filter(({ id }) => !out.has(id));
    return left.length === items.length ? {} : { items: left, total: total - (items.length - left.length) };
  });
}

function isBehind(a: BinEntry, b: BinEntry): boolean {
  return a.bin.deletedAtMs < b.bin.deletedAtMs || (a.bin.deletedAtMs === b.bin.deletedAtMs && a.id < b.id);
}
