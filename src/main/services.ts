// Builds the object graph, starts it and stops it in order. The desktop, the terminal and the tests all use this one.
import path from 'node:path';
import { uuidv7 } from 'uuidv7';
import { type AppState, createAppState } from './app-state.ts';
import { type BackendListLife, type Backends, readEnvironment, settingsInForce } from './backends/index.ts';
import { type Chat, type Conversations, createChat, createConversations } from './chat/index.ts';
import { createLog, type Log } from './diagnostics/index.ts';
import { HearthError, toErrorInfo } from './errors/index.ts';
import { createEngineRoom } from './engine-room.ts';
import { type Insights, openInsights } from './insights/index.ts';
import {
  type CatalogueShelf,
  createEnsureModel,
  type Downloads,
  type EnsureModel,
  type Library,
  openDownloads,
} from './models/index.ts';
import type { Engine, Installer } from './ollama/index.ts';
import type { Programs } from './programs.ts';
import { createQueue, type Queue } from './queue/index.ts';
import { type Cipher, openSecrets, openSettings, prepareDataFolder, type SettingsStore } from './settings/index.ts';
import { openStorage, type Storage } from './storage/index.ts';

export interface ServiceOptions {
  /** The data folder; see settings/home.ts. */
  folder: string;
  env: NodeJS.ProcessEnv;
  programs: Programs;
  version: string;
  /** The system's secret store. Default: none, as in terminals. */
  cipher?: Cipher | null;
  /** How often a history that another Hearth uses is tried again; null gives up at once. */
  retryInUseMs: number | null;
  /** Whether downloads that an earlier Hearth left unfinished go on by themselves; else only those that are asked for. */
  resumesDownloads: boolean;
}

/** What can only be used once the history is open. */
export interface History {
  storage: Storage;
  chat: Chat;
  conversations: Conversations;
  /** Facts about the user, and what is learned from turns. */
  insights: Insights;
  downloads: Downloads;
  ensureModel: EnsureModel;
  /** Aborts when the history's worker has died: nothing is told here any more, a history that is opened again tells. */
  lost: AbortSignal;
}

export interface Services {
  app: AppState;
  settings: SettingsStore;
  backends: Backends;
  backendList: BackendListLife;
  queue: Queue;
  /** The Ollama that answers. */
  engine: Engine;
  /** Hearth's own Ollama. */
  installer: Installer;
  library: Library;
  catalogue: CatalogueShelf;
  log: Log;
  /**
   * Opens the history, then looks for engines: one that finds its history in use must wake none. Resolves when the history
   * is open; rejects with why it can't be opened.
   */
  start(): Promise<void>;
  /** Tries to open the history again after it was blocked. */
  retry(): Promise<void>;
  /**
   * The history once it is open; waits while Hearth starts, rejects with the problem while it is blocked and with
   * `cancelled` once Hearth stops.
   */
  history(): Promise<History>;
  /** The computer was asleep: what may have broken meanwhile is looked at now. */
  onWake(): void;
  /** Ends answers, engines and the history in this order. Idempotent; at most about ten seconds, unless a migration runs. */
  stop(): Promise<void>;
}

export async function createServices(options: ServiceOptions): Promise<Services> {
  const { folder, env, programs } = options;
  const log = createLog({ folder: path.join(folder, 'logs') });
  const settings = await openSettings({ folder, log });
  const secrets = await openSecrets({ folder, cipher: options.cipher ?? null, log });
  const app = createAppState({ version: options.version, platform: process.platform, dataFolder: folder });
  app.addNotices([...settings.notices(), ...secrets.notices()]);

  const queue = createQueue({ onListenerError: (error) => log.error('A listener of the queue failed', { error }) });
  /** The history while it is open: the engine room works without it, and does not look around before it. */
  let kept: Pick<History, 'storage' | 'downloads'> | null = null;
  const room = createEngineRoom({ folder, env, programs, settings, secrets, log, kept: () => kept });
  const { backends, backendList, places, engine, installer, library, catalogue } = room;

  let opening: Promise<History> | null = null;
  let isStopped = false;

  async function open(): Promise<History> {
    app.setStarting();
    prepareDataFolder(folder);
    const life = new AbortController();
    const storage = await openWhenFree(life);
    if (isStopped) {
      await storage.close();
      throw new HearthError('cancelled');
    }
    const times = { now: Date.now, newId: uuidv7 };
    const [insights, hasEngineAnswered] = await Promise.all([
      openInsights({
        storage,
        queue,
        backends,
        // As the backends count them: a variable may name who reads.
        settings: settingsInForce(settings, readEnvironment(env)),
        log,
        ...times,
      }),
      storage.hasEngineAnswered(),
    ]).catch(async (error: unknown) => {
      await storage.close();
      throw error;
    });
    const chat = createChat({ storage, queue, backends, insights, log, ...times });
    // Its answers can't be kept any more, and must not hold their engines' slots.
    const endChats = () => void Promise.all([chat.close(), insights.close()]);
    life.signal.addEventListener('abort', endChats, { once: true });
    const conversations = createConversations({ storage, chat, facts: insights.facts, log, now: Date.now });
    // Not waited for, and no reason to show nothing: what stays in the bin is tried again at the next start.
    storage.purgeExpired(Date.now()).catch((error: unknown) => log.warn('The bin could not be emptied', { error }));
    installer
      .tidy()
      .catch((error: unknown) => log.warn('Leftovers of an installation could not be removed', { error }));
    const keep = (name: string) => void library.undoRemove({ name, engine: 'ollama' });
    const shared = { places, settings, log, keep };
    const { resumesDownloads } = options;
    const downloads = await openDownloads({
      ...shared,
      storage,
      newId: uuidv7,
      now: Date.now,
      resumesUnfinished: resumesDownloads,
    }).catch(async (error: unknown) => {
      await insights.close();
      // Whoever tries again needs the lock.
      await storage.close();
      throw error;
    });
    // They can't be written down any more; a history that is opened again goes on with them.
    if (life.signal.aborted) await downloads.close();
    else life.signal.addEventListener('abort', () => void downloads.close(), { once: true });
    const ensureModel = createEnsureModel({ ...shared, downloads });
    kept = life.signal.aborted ? null : { storage, downloads };
    life.signal.addEventListener('abort', () => (kept = null), { once: true });
    downloads.onSettled(({ state }) => {
      void library.refresh();
      // A first model makes an engine usable.
      if (state === 'done') backends.lookAgain();
    });
    backendList.start();
    backends.start({ hasEngineAnswered });
    library.start();
    app.setReady();
    return { storage, chat, conversations, insights, downloads, ensureModel, lost: life.signal };
  }

  async function openWhenFree(life: AbortController): Promise<Storage> {
    let hasWaited = false;
    for (;;) {
      try {
        const storage = await openStorage({
          folder,
          workerUrl: programs.storageWorker,
          ...(env.HEARTH_SQLITE_BINDING ? { nativeBinding: env.HEARTH_SQLITE_BINDING } : {}),
          onFatal: (error) => {
            // The worker is gone: say so at once; a retry opens the history anew.
            opening = null;
            log.error('The history worker ended', { detail: error.detail ?? error.message });
            app.setBlocked(toErrorInfo(error));
            life.abort();
          },
        });
        // The keys first: an entry must never be asked without the key that belongs to it.
        if (hasWaited) await secrets.reload().then(() => settings.reload());
        return storage;
      } catch (error) {
        app.setBlocked(toErrorInfo(error));
        const isInUse = error instanceof HearthError && error.code === 'storage_in_use';
        if (!isInUse || options.retryInUseMs === null || isStopped) throw error;
        await new Promise((resolve) => setTimeout(resolve, options.retryInUseMs ?? 0));
        if (isStopped) throw error;
        // The Hearth that has the history now may have changed the settings before it ended.
        hasWaited = true;
      }
    }
  }

  function openOnce(): Promise<History> {
    // A window may still ask while Hearth ends; nothing must be opened for it then.
    if (isStopped) return Promise.reject(new HearthError('cancelled'));
    if (opening !== null) return opening;
    const mine = open().catch((error: unknown) => {
      // A retry may already have begun another one.
      if (opening === mine) opening = null;
      if (isStopped) throw error;
      const info = toErrorInfo(error);
      app.setBlocked(info);
      log.error('The history could not be opened', { code: info.code, detail: info.detail });
      throw error;
    });
    opening = mine;
    return mine;
  }

  let stopping: Promise<void> | null = null;
  async function stopAll(): Promise<void> {
    isStopped = true;
    const history = await opening?.catch(() => null);
    const ends = [history?.chat.close(), history?.insights.close(), history?.downloads.close()];
    await Promise.all([...ends, library.stop(), installer.stop()]);
    await queue.stop();
    engine.close();
    await backends.stop();
    await backendList.stop();
    await history?.storage.close();
    log.close();
  }

  return {
    app,
    settings,
    backends,
    backendList,
    queue,
    engine,
    installer,
    library,
    catalogue,
    log,
    async start() {
      await openOnce();
    },
    async retry() {
      await openOnce();
    },
    history() {
      const { problem } = app.status();
      if (problem !== null && !isStopped) return Promise.reject(new HearthError(problem.code, problem.params));
      return openOnce();
    },
    onWake() {
      engine.checkNow();
      // Connections that looked alive are dead now, and the network may be back.
      void opening?.then(({ downloads }) => downloads.retryNow()).catch(() => {});
    },
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}
