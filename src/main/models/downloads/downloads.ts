// The engine of downloads: durable rows, so many at a time, in order, tried again until they are here or need the user.
import type { Download, DownloadId, DownloadsStatus } from '../../../contract/downloads.ts';
import { createFetch, type Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { OLLAMA_LABEL, type Places } from '../../ollama/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import type { Storage } from '../../storage/index.ts';
import type { Downloads } from '../interface.ts';
import { within } from '../../waits/index.ts';
import { createAnnouncer } from './announce.ts';
import { type Item, itemFrom, viewOf } from './item.ts';
import { createKeeper } from './keep.ts';
import { type DownloadLimits, LIMITS } from './limits.ts';
import { isPlainHttp, modelKey, requireModelName } from './name.ts';
import { listed } from './order.ts';
import { createRuns } from './runs.ts';

export interface DownloadsOptions {
  storage: Pick<Storage, 'listDownloads' | 'putDownload' | 'dropDownload'>;
  places: Pick<Places, 'open' | 'onSight'>;
  settings: Pick<SettingsStore, 'get' | 'onChange'>;
  log: Log;
  /** Takes a deletion back that waits for its time: who fetches a model wants it. */
  keep: (model: string) => void;
  /** A UUIDv7. */
  newId: () => string;
  /** Milliseconds of the calendar. */
  now: () => number;
  /** Whether what was under way goes on at once; else each waits, its row untouched, until somebody asks for it. */
  resumesUnfinished: boolean;
  limits?: Partial<DownloadLimits>;
}

/** Finished ones beyond this many are forgotten at the next start. */
const KEPT_DONE = 20;

/** Reads the rows, and goes on with what was under way where that is wanted. Rejects with the storage's error. */
export async function openDownloads(options: DownloadsOptions): Promise<Downloads> {
  const { storage, places, settings, log, now } = options;
  const limits = { ...LIMITS, ...options.limits };
  const items = new Set((await storage.listDownloads()).map(itemFrom));
  /** Without those whose first row is not on disk yet. */
  const known = (): Item[] => [...items].filter(({ adding }) => adding === null);
  const listeners = new Set<(status: DownloadsStatus) => void>();
  const settledListeners = new Set<(download: Download) => void>();
  let isClosed = false;

  const parallel = () => settings.get().downloads.parallel;
  const status = (): DownloadsStatus => ({ downloads: listed(known()).map(viewOf), parallel: parallel() });
  const tellAll = <T>(to: Set<(value: T) => void>, value: T): void => {
    for (const listener of to) {
      try {
        listener(value);
      } catch (error) {
        log.error('A listener of the downloads failed', { error });
      }
    }
  };
  const onKeepError = (error: unknown) => log.warn('A download could not be written down', { error });
  const announcer = createAnnouncer({ everyMs: limits.tellEveryMs, tell: () => tellAll(listeners, status()) });
  const keeper = createKeeper({ storage, everyMs: limits.keepEveryMs, onError: onKeepError });
  const fetch = createFetch({
    purpose: 'fetch models through Ollama',
    service: OLLAMA_LABEL,
    connectTimeoutMs: () => settings.get().timeouts.connectMs,
    // Ollama takes two pulls of one model for one.
    isRepeatable: () => true,
  });
  const onSettled = (download: Download) => tellAll(settledListeners, download);
  const shared = { places, fetch, keeper, announcer, log, now, limits, onSettled, onKeepError };
  const runs = createRuns({ ...shared, items: () => known().filter(({ isLeft }) => !isLeft), parallel });

  const byId = (id: DownloadId): Item => {
    const item = known().find((one) => one.id === id);
    if (item === undefined) throw new HearthError('not_found', { what: 'download' });
    return item;
  };
  const byModel = (model: string) => [...items].find(({ key }) => key === modelKey(model));
  const requireOpen = (): void => {
    if (isClosed) throw new HearthError('cancelled');
  };

  async function insert(model: string, isInsecure: boolean): Promise<Download> {
    const position = Math.max(0, ...[...items].map((one) => one.position)) + 1;
    const id = options.newId() as DownloadId;
    const item = itemFrom({ id, model, isInsecure, position, createdAtMs: now() });
    items.add(item);
    item.adding = keeper.now(item);
    try {
      await item.adding;
    } catch (error) {
      items.delete(item);
      throw error;
    }
    item.adding = null;
    runs.pump();
    return viewOf(item);
  }

  const retryNow = (): void => {
    if (isClosed) return;
    for (const item of known()) if (item.state === 'stalled') runs.tryAgain(item);
  };
  const unfollowSettings = settings.onChange(() => runs.pump());
  // An Ollama that answers again is what many of them wait for.
  const unfollowOllama = places.onSight((sight) => sight !== null && retryNow());
  for (const item of items) {
    if (isUnderWay(item)) item.state = 'waiting';
    item.isLeft = item.state === 'waiting' && !options.resumesUnfinished;
  }
  const done = listed([...items]).filter(({ state }) => state === 'done');
  for (const item of done.slice(KEPT_DONE)) {
    items.delete(item);
    keeper.drop(item).catch(onKeepError);
  }
  runs.pump();

  return {
    status,
    onChange: (listener) => listen(listeners, listener),
    onSettled: (listener) => listen(settledListeners, listener),
    async add({ model: given, isInsecure: isAllowed }) {
      requireOpen();
      const model = given.trim();
      requireModelName(model);
      // Who writes the scheme means it.
      const isInsecure = isAllowed || isPlainHttp(model);
      options.keep(model);
      let item = byModel(model);
      if (item?.adding) {
        await item.adding;
        item = byModel(model);
      }
      if (item === undefined) return insert(model, isInsecure);
      if (item.state === 'done') {
        // Once more, from the beginning: a newer one may be there.
        items.delete(item);
        try {
          const [download] = await Promise.all([insert(model, isInsecure), keeper.drop(item)]);
          return download;
        } catch (error) {
          if (byModel(model) === undefined) items.add(item);
          throw error;
        }
      }
      if (item.state !== 'running') item.isInsecure = isInsecure;
      if (canGoOn(item)) runs.goOn(item);
      await runs.save(item);
      return viewOf(item);
    },
    async pause(id) {
      const item = byId(id);
      if (item.state !== 'waiting' && !isUnderWay(item)) return viewOf(item);
      runs.stopWork(item);
      Object.assign(item, { state: 'paused', problem: null, attempt: 0, isLeft: false });
      const saved = runs.save(item);
      runs.pump();
      await saved;
      return viewOf(item);
    },
    async resume(id) {
      requireOpen();
      const item = byId(id);
      if (!canGoOn(item)) return viewOf(item);
      runs.goOn(item);
      await runs.save(item);
      return viewOf(item);
    },
    async cancel(id) {
      const item = byId(id);
      runs.stopWork(item);
      items.delete(item);
      const dropped = keeper.drop(item);
      runs.pump();
      await dropped;
    },
    async forget(model) {
      const gone = known().filter(({ state, key }) => state === 'done' && key === modelKey(model));
      for (const item of gone) items.delete(item);
      if (gone.length > 0) announcer.now();
      await Promise.all(gone.map((item) => keeper.drop(item)));
    },
    async clearFinished() {
      const finished = known().filter(({ state }) => state === 'done');
      for (const item of finished) items.delete(item);
      announcer.now();
      await Promise.all(finished.map((item) => keeper.drop(item)));
    },
    retryNow,
    async close() {
      if (isClosed) return;
      isClosed = true;
      unfollowSettings();
      unfollowOllama();
      announcer.close();
      runs.stop();
      fetch.close();
      for (const item of items) keeper.forget(item);
      // The bar exactly where it is; what they are stays, and with it what goes on at the next start.
      const written = known()
        .filter(isUnderWay)
        .map((item) => keeper.now(item).catch(onKeepError));
      await within(limits.closeMs, Promise.all(written));
    },
  };
}

const CAN_GO_ON: ReadonlySet<Item['state']> = new Set(['paused', 'failed', 'stalled']);

function canGoOn({ state, isLeft }: Item): boolean {
  return isLeft || CAN_GO_ON.has(state);
}

function isUnderWay({ state }: Item): boolean {
  return state === 'running' || state === 'stalled';
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
