// What the tests of downloads share: a replayed Ollama whose pulls are played, a real history, and short times.
import { uuidv7 } from 'uuidv7';
import { onTestFinished, vi } from 'vitest';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import type { Download, DownloadsStatus } from '../../../src/contract/downloads.ts';
import type { Log } from '../../../src/main/diagnostics/index.ts';
import type { DownloadLimits } from '../../../src/main/models/downloads/limits.ts';
import { type Downloads, openDownloads } from '../../../src/main/models/index.ts';
import { createPlaces, parseAddress, type Places } from '../../../src/main/ollama/index.ts';
import type { SettingsStore } from '../../../src/main/settings/index.ts';
import type { Storage } from '../../../src/main/storage/index.ts';
import { memorySettings } from '../../support/memory-settings.ts';
import {
  type PullBehaviour,
  type ReplayOllama,
  type ReplayOptions,
  startReplayOllama,
} from '../../support/replay-ollama/index.ts';
import { openHistory, temporaryFolder } from '../../support/storage.ts';

export const silentLog: Log = { info() {}, warn() {}, error() {}, close() {} };

/** A model of three files; the last one is always too fast to be told. */
export const PULL: PullBehaviour = {
  layers: [
    { digest: `sha256:${'a'.repeat(64)}`, bytes: 40_000 },
    { digest: `sha256:${'b'.repeat(64)}`, bytes: 4_000 },
    { digest: `sha256:${'c'.repeat(64)}`, bytes: 500, hasNoRecords: true },
  ],
  bytesPerRecord: 1_000,
};
/** Of the files that are told. */
export const PULL_BYTES = 44_000;

const LIMITS: DownloadLimits = {
  stallMs: 10_000,
  openMs: 5_000,
  retryMs: 5,
  retryMaxMs: 40,
  keepEveryMs: 5,
  tellEveryMs: 1,
  closeMs: 3_000,
};

export async function replay(options: ReplayOptions = {}): Promise<ReplayOllama> {
  const server = await startReplayOllama({ models: [], pull: PULL, ...options });
  onTestFinished(() => server.close());
  return server;
}

export function placesAt(address: string): Places {
  const places = createPlaces({
    address: () => ({ ...parseAddress(address), from: 'settings' }),
    server: null,
    isStartAllowed: () => false,
    connectTimeoutMs: () => 2_000,
  });
  onTestFinished(() => places.close());
  return places;
}

export interface Scene {
  downloads: Downloads;
  settings: SettingsStore;
  storage: Storage;
  folder: string;
  /** Every status that was told, and every settled download. */
  told: DownloadsStatus[];
  settled: Download[];
  only(): Download;
  /** Waits until the only download is so, and resolves with it. */
  until(state: Download['state'] | ((download: Download) => boolean)): Promise<Download>;
  /** Ends this Hearth in order and opens the next one on the same history. */
  restart(): Promise<Scene>;
}

export interface SceneOptions {
  folder?: string;
  settings?: SettingsPatch;
  limits?: Partial<DownloadLimits>;
  keep?: (model: string) => void;
  resumesUnfinished?: boolean;
  /** Puts something between the downloads and their history. */
  through?: (storage: Storage) => Storage;
}

export async function scene(ollama: { host: string; port: number }, given: SceneOptions = {}): Promise<Scene> {
  const { folder = temporaryFolder(), limits = {} } = given;
  const storage = await openHistory(folder);
  const settings = memorySettings(given.settings);
  const downloads = await openDownloads({
    storage: given.through?.(storage) ?? storage,
    places: placesAt(`${ollama.host}:${ollama.port}`),
    settings,
    log: silentLog,
    keep: given.keep ?? (() => {}),
    newId: uuidv7,
    now: Date.now,
    resumesUnfinished: given.resumesUnfinished ?? true,
    limits: { ...LIMITS, ...limits },
  });
  onTestFinished(() => downloads.close());
  const told: DownloadsStatus[] = [];
  const settled: Download[] = [];
  downloads.onChange((status) => told.push(status));
  downloads.onSettled((download) => settled.push(download));
  const only = () => {
    const [download, ...more] = downloads.status().downloads;
    if (download === undefined || more.length > 0) throw new Error(`not one download but ${more.length + 1}`);
    return download;
  };
  return {
    downloads,
    settings,
    storage,
    folder,
    told,
    settled,
    only,
    async until(state) {
      const isSo = typeof state === 'function' ? state : (download: Download) => download.state === state;
      return await vi.waitFor(
        () => {
          const download = only();
          if (!isSo(download)) throw new Error(`still ${JSON.stringify(download)}`);
          return download;
        },
        { timeout: 15_000, interval: 2 },
      );
    },
    async restart() {
      await downloads.close();
      await storage.close();
      return await scene(ollama, { ...given, folder });
    },
  };
}

/** Every bar that was told, in order. */
export function bars(told: DownloadsStatus[]): number[] {
  return told.flatMap(({ downloads }) => downloads.map(({ progress }) => progress));
}

export function isRising(values: number[]): boolean {
  return values.every((value, index) => value >= (values[index - 1] ?? 0));
}
