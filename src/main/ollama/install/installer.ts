// Hearth's own Ollama, as windows and terminal see it: at most one installation at a time, and what there is already.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { InstallStatus, ReleaseChoice } from '../../../contract/engine.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { createFetch, type Log } from '../../diagnostics/index.ts';
import { HearthError, toErrorInfo } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import { foldersIn, keptVersions, readCurrent, removeCurrent, tidy, versionOf } from './folders.ts';
import type { Installer } from './interface.ts';
import { type Begun, partFile } from './part-file.ts';
import { PATIENCE, type Patience } from './persevere.ts';
import { assetFor, PINNED, type PinnedRelease } from './releases.ts';
import { speedMeter } from './speed.ts';
import { describe, offerOf, type Work } from './status.ts';
import { diskTrouble } from './trouble.ts';

/** The Ollama that Hearth runs, as far as it stands in the way. */
export interface RunningOllama {
  /** The executable that Hearth has started and that still runs; null when none does. */
  program(): string | null;
  isAnswering(): boolean;
  stop(): Promise<unknown>;
}

export interface InstallerOptions {
  dataFolder: string;
  env: NodeJS.ProcessEnv;
  /** Base address of the releases; null means the makers' own. */
  baseUrl: () => string | null;
  /** For the download; null for none. */
  proxy: () => string | null;
  running: RunningOllama;
  /** The version has answered and is there to be used. */
  onInstalled: (version: string) => void;
  onRemoved: () => void;
  log: Log;
  /** Of this computer, unless a test plays another one. */
  platform?: NodeJS.Platform;
  arch?: string;
  pinned?: PinnedRelease;
  now?: () => number;
  /** No byte for this long, and the connection is made anew. Default: 30 s. */
  stallMs?: number;
  patience?: Patience;
  /** For the try-out of a new version. Default: 90 s. */
  startLimitMs?: number;
  isNativeZstdAllowed?: boolean;
}

const STALL_MS = 30_000;
const START_LIMIT_MS = 90_000;
/** Progress is told this often at most, and as often while nothing comes, so that speed and time left stay true. */
const TELL_MS = 250;
const TICK_MS = 1_000;

/** Reads what is there and changes nothing on the disk until it is asked to. */
export function createInstaller(options: InstallerOptions): Installer {
  const { running, log, platform = process.platform, arch = process.arch, pinned = PINNED, now = Date.now } = options;
  const asset = assetFor(platform, arch);
  const folders = foldersIn(options.dataFolder);
  const part = partFile(folders.downloads, asset?.name ?? 'none');
  const listeners = new Set<(status: InstallStatus) => void>();
  let current = asset === null ? null : readCurrent(folders, asset.program);
  let job: { stop: AbortController; done: Promise<void> } | null = null;
  let work: Work | null = null;
  let problem: ErrorInfo | null = null;
  let speed = speedMeter();
  let toldAtMs = 0;
  let isStopped = false;

  function program(): string | null {
    if (current === null || asset === null) return null;
    const file = path.join(folders.version(current.version), asset.program);
    return existsSync(file) ? file : null;
  }

  function status(): InstallStatus {
    return describe({
      work,
      // Asked of the disk only while nothing is under way.
      begun: work === null ? arrived() : null,
      installed: program() === null ? null : current,
      offer: asset === null ? null : offerOf(asset, pinned, options.baseUrl()),
      problem,
      bytesPerSecond: speed.bytesPerSecond(now()),
    });
  }

  /** What has arrived of a version that is not there yet: a crash may have kept the archive of one that is. */
  function arrived(): Begun | null {
    const begun = part.read();
    return begun === null || (program() !== null && begun.state.version === current?.version) ? null : begun;
  }

  function tell(): void {
    toldAtMs = now();
    const told = status();
    for (const listener of listeners) listener(told);
  }

  function change(part: Partial<Work>): void {
    if (work === null) return;
    const isProgress = part.state === undefined && part.retryAtMs === undefined;
    work = { ...work, ...part };
    if (!isProgress || now() - toldAtMs >= TELL_MS) tell();
  }

  async function run(choice: ReleaseChoice, stop: AbortController): Promise<void> {
    if (asset === null) return;
    const fetch = createFetch({
      purpose: 'download Ollama',
      service: text('install:service'),
      proxy: options.proxy,
      connectTimeoutMs: () => options.stallMs ?? STALL_MS,
      keepsPacked: true,
    });
    const tick = setInterval(tell, TICK_MS);
    try {
      // Loaded when it is needed: it brings the readers of three kinds of archives.
      const { install } = await import('./job.ts');
      current = await install(choice, {
        asset,
        pinned,
        folders,
        part,
        env: options.env,
        platform,
        now,
        baseUrl: options.baseUrl(),
        fetch,
        stallMs: options.stallMs ?? STALL_MS,
        patience: options.patience ?? PATIENCE,
        startLimitMs: options.startLimitMs ?? START_LIMIT_MS,
        isNativeZstdAllowed: options.isNativeZstdAllowed ?? true,
        current: program() === null ? null : current,
        inUse: versionsInUse,
        signal: stop.signal,
        onStep: (state, version) => change({ state, version, fraction: null, retryAtMs: null }),
        onDownload(receivedBytes, totalBytes) {
          // After a start from the beginning the old speed means nothing.
          if (receivedBytes < (work?.receivedBytes ?? 0)) speed = speedMeter();
          speed.add(receivedBytes, now());
          change({ receivedBytes, totalBytes });
        },
        onFraction: (fraction) => change({ fraction }),
        onPause(retryAtMs) {
          speed = speedMeter();
          change({ retryAtMs });
        },
      });
      log.info('Installed an Ollama of our own', { version: current.version, bytes: current.bytes });
      options.onInstalled(current.version);
    } catch (error) {
      if (!stop.signal.aborted) {
        problem = toErrorInfo(error);
        log.warn('Ollama could not be installed', { error });
      }
    } finally {
      clearInterval(tick);
      fetch.close();
    }
  }

  function versionsInUse(): string[] {
    const runs = running.program();
    const version = runs === null ? null : versionOf(folders, runs);
    return version === null ? [] : [version];
  }

  /** Ends the job, if there is one; resolves when nothing of it moves any more. */
  async function halt(): Promise<void> {
    job?.stop.abort(new HearthError('cancelled'));
    await job?.done;
  }

  /** Errors of the disk as `install_unwritable`. */
  async function onDisk(action: () => Promise<void>): Promise<InstallStatus> {
    try {
      await action();
    } catch (error) {
      throw await diskTrouble(error, folders.root, 0);
    } finally {
      tell();
    }
    return status();
  }

  return {
    status,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start(choice) {
      if (asset === null) throw new HearthError('install_unsupported', { system: `${platform} ${arch}` });
      if (isStopped) throw new HearthError('cancelled');
      if (job !== null) return status();
      problem = null;
      speed = speedMeter();
      const begun = arrived();
      work = {
        state: 'looking',
        version: begun?.state.version ?? null,
        receivedBytes: begun?.receivedBytes ?? 0,
        totalBytes: begun?.state.totalBytes ?? null,
        fraction: null,
        retryAtMs: null,
      };
      const stop = new AbortController();
      const done = run(choice, stop).finally(() => {
        job = null;
        work = null;
        tell();
      });
      job = { stop, done };
      tell();
      return status();
    },
    async pause() {
      await halt();
      return status();
    },
    async discard() {
      await halt();
      problem = null;
      return onDisk(async () => {
        await part.remove();
        await rm(folders.downloads, { recursive: true, force: true });
        await tidy(folders, keptVersions(current, versionsInUse()));
      });
    },
    async remove() {
      const isRunning = versionsInUse().length > 0;
      if (isRunning && running.isAnswering()) throw new HearthError('install_in_use');
      const before = current;
      // From here on nobody starts it any more: whoever wakes an Ollama meanwhile would bring it back.
      current = null;
      if (isRunning) await running.stop();
      await halt();
      problem = null;
      return onDisk(async () => {
        try {
          // First of all: what is left of a removal that breaks off is no Ollama any more.
          await removeCurrent(folders);
        } catch (error) {
          current = before;
          throw error;
        }
        options.onRemoved();
        await rm(folders.root, { recursive: true, force: true, maxRetries: 3 });
      });
    },
    program,
    async tidy() {
      if (job === null) await tidy(folders, keptVersions(current, versionsInUse()));
    },
    async stop() {
      isStopped = true;
      await halt();
    },
  };
}
