// A mirror with a release on it, and an installer that asks there: what nearly every test of the installation begins with.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { InstallState, InstallStatus } from '../../../src/contract/engine.ts';
import { createInstaller, type Installer, type InstallerOptions } from '../../../src/main/ollama/index.ts';
import { makeStandInOllama, type StandInBehaviour } from '../stand-in-ollama/index.ts';
import { temporaryFolder } from '../storage.ts';
import { archiveOf, type Entry } from './archives.ts';
import { type ReleaseMirror, sha256, startReleaseMirror } from './index.ts';

export const LINUX_ASSET = 'ollama-linux-amd64.tar.zst';

/** What is in a release for Linux: the program, a library of random bytes and its links. */
export async function releaseEntries(
  behaviour: StandInBehaviour = {},
  options: { libraryBytes?: number; program?: string } = {},
): Promise<Entry[]> {
  const program = await readFile(await makeStandInOllama(temporaryFolder(), behaviour));
  return [
    { name: './' },
    { name: './bin/' },
    { name: `./${options.program ?? 'bin/ollama'}`, content: program, mode: 0o755 },
    { name: './lib/ollama/libggml.so.0.0.1', content: randomBytes(options.libraryBytes ?? 200_000) },
  ];
}

export const LINKS: readonly Entry[] = [
  { name: './lib/ollama/libggml.so', kind: 'SymbolicLink', target: 'libggml.so.0' },
  { name: './lib/ollama/libggml.so.0', kind: 'SymbolicLink', target: 'libggml.so.0.0.1' },
];

export interface Scene {
  mirror: ReleaseMirror;
  folder: string;
  /** The archive of version 1.0.0. */
  archive: Buffer;
  installed: string[];
  removed: number;
  running: { program: string | null; isAnswering: boolean; stops: number };
  /** A new one over the same folder: Hearth was started again. */
  installer(options?: Partial<InstallerOptions>): Installer;
  /** The folder of the installation, for looking into it. */
  inside(...parts: string[]): string;
}

/** @param given.archive what is published as 1.0.0 and pinned, unless `isPinned` is false: then only the mirror knows it */
export async function installScene(
  given: {
    archive?: Buffer;
    asset?: string;
    folder?: string;
    behaviour?: StandInBehaviour;
    unpackedBytes?: number;
  } = {},
): Promise<Scene> {
  const mirror = await startReleaseMirror();
  onTestFinished(() => mirror.close());
  const asset = given.asset ?? LINUX_ASSET;
  const archive =
    given.archive ?? archiveOf(asset, [...(await releaseEntries({ version: '1.0.0', ...given.behaviour })), ...LINKS]);
  mirror.publish('1.0.0', { [asset]: archive });
  const scene: Scene = {
    mirror,
    archive,
    folder: given.folder ?? temporaryFolder(),
    installed: [],
    removed: 0,
    running: { program: null, isAnswering: false, stops: 0 },
    inside: (...parts) => path.join(scene.folder, 'engines', 'ollama', ...parts),
    installer(options = {}) {
      const installer = createInstaller({
        dataFolder: scene.folder,
        env: process.env,
        baseUrl: () => mirror.url,
        proxy: () => null,
        running: {
          program: () => scene.running.program,
          isAnswering: () => scene.running.isAnswering,
          stop() {
            scene.running.stops += 1;
            scene.running.program = null;
            return Promise.resolve();
          },
        },
        onInstalled: (version) => void scene.installed.push(version),
        onRemoved() {
          scene.removed += 1;
        },
        log: { info: () => undefined, warn: () => undefined, error: () => undefined, close: () => undefined },
        platform: 'linux',
        arch: 'x64',
        pinned: {
          version: '1.0.0',
          assets: {
            [asset]: {
              sizeBytes: archive.length,
              sha256: sha256(archive),
              unpackedBytes: given.unpackedBytes ?? 400_000,
            },
          },
        },
        stallMs: 5_000,
        patience: { firstMs: 1, maxMs: 5, attempts: 4 },
        ...options,
      });
      onTestFinished(() => installer.stop());
      return installer;
    },
  };
  return scene;
}

/** Waits until the installation rests, and resolves with how. */
export async function rest(installer: Installer): Promise<InstallStatus> {
  return await vi.waitFor(
    () => {
      const status = installer.status();
      if (!RESTING.has(status.state)) throw new Error(`still ${status.state}`);
      return status;
    },
    { timeout: 25_000, interval: 5 },
  );
}
const RESTING = new Set<InstallState>(['none', 'paused', 'installed', 'failed']);

/** Resolves at the first status that fits. */
export async function until(installer: Installer, fits: (status: InstallStatus) => boolean): Promise<InstallStatus> {
  let stop = (): void => undefined;
  try {
    return await new Promise((resolve) => {
      stop = installer.onChange((status) => {
        if (fits(status)) resolve(status);
      });
      if (fits(installer.status())) resolve(installer.status());
    });
  } finally {
    stop();
  }
}
