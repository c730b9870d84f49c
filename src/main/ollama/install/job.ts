// One installation from the first request to the first answer of the new version. Any step can be aborted, and begun again.
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InstallState, ReleaseChoice } from '../../../contract/engine.ts';
import type { Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { unpack } from './archive/unpack.ts';
import { download } from './download.ts';
import { findRelease, releaseOf, releasesBase } from './find-release.ts';
import { type Current, type Folders, keptVersions, makeFolders, tidy, writeCurrent } from './folders.ts';
import type { PartFile, PartState } from './part-file.ts';
import { type Patience, persevere } from './persevere.ts';
import type { Asset, PinnedRelease } from './releases.ts';
import type { Ask } from './request.ts';
import { badArchive, codeOf, diskTrouble, freeBytes, noSpace } from './trouble.ts';
import { tryOut } from './try-out.ts';
import { sha256Of } from './verify.ts';

export interface JobOptions {
  asset: Asset;
  pinned: PinnedRelease;
  folders: Folders;
  part: PartFile;
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  now: () => number;
  /** The setting; null for the makers' own. */
  baseUrl: string | null;
  fetch: Fetch;
  stallMs: number;
  patience: Patience;
  /** For the try-out of the new version. */
  startLimitMs: number;
  isNativeZstdAllowed: boolean;
  /** The version that is there already; it stays until the new one has answered. */
  current: Current | null;
  /** Versions that must not be removed, apart from the current one. */
  inUse: () => readonly string[];
  signal: AbortSignal;
  /** What the job does now. */
  onStep: (state: InstallState, version: string | null) => void;
  onDownload: (receivedBytes: number, totalBytes: number | null) => void;
  /** From 0 to 1, while verifying and unpacking. */
  onFraction: (fraction: number) => void;
  onPause: (retryAtMs: number | null) => void;
}

/** No release grows beyond this, packed. */
const ARCHIVE_MAX_BYTES = 8_000_000_000;
/** What an archive may hold, as a multiple of what is expected, and at the least. */
const UNPACKED_MAX_FACTOR = 3;
const UNPACKED_MIN_BYTES = 64 * 1024 * 1024;

/** Resolves with the version that is current now. Rejects with `install_*`, or the signal's reason. */
export async function install(choice: ReleaseChoice, options: JobOptions): Promise<Current> {
  const { folders, part, signal } = options;
  let { current } = options;
  try {
    current = await steps(choice, options);
    await part.remove();
    return current;
  } catch (error) {
    signal.throwIfAborted();
    throw await diskTrouble(error, folders.root, diskNeed(options, 0));
  } finally {
    // A step that broke off leaves nothing but the download. What can't be removed now is removed by the next job.
    await tidy(folders, keptVersions(current, options.inUse())).catch(() => undefined);
  }
}

async function steps(choice: ReleaseChoice, options: JobOptions): Promise<Current> {
  const { folders, part, current, signal } = options;
  options.onStep('looking', part.read()?.state.version ?? null);
  makeFolders(folders);
  await tidy(folders, keptVersions(current, options.inUse()));
  const { state, sizeBytes } = await whatToFetch(choice, options);
  if (state.version === current?.version) return current;
  await fetchArchive(state, sizeBytes, options);
  await verify(state, options);
  const bytes = await unpackAside(state, options);
  const folder = folders.version(state.version);
  await rm(folder, { recursive: true, force: true });
  await moveWhole(folders.unpacking, folder, options);
  options.onStep('testing', state.version);
  await tryOut({
    program: path.join(folder, options.asset.program),
    version: state.version,
    env: options.env,
    platform: options.platform,
    folder: folders.trial,
    limitMs: options.startLimitMs,
    signal,
  });
  const installed = { version: state.version, bytes };
  await writeCurrent(folders, installed);
  return installed;
}

/** What has arrived is gone on with, whatever the choice: who wants another release discards it first. */
async function whatToFetch(
  choice: ReleaseChoice,
  options: JobOptions,
): Promise<{ state: PartState; sizeBytes: number | null }> {
  const { asset, pinned, part } = options;
  const ask = askOf(options);
  const begun = part.read()?.state ?? null;
  if (begun !== null) {
    const { url, sizeBytes } = releaseOf(begun.version, asset, pinned, ask.base);
    // The tag is the word of one server about its own file.
    return { state: { ...begun, url: url.href, etag: url.href === begun.url ? begun.etag : null }, sizeBytes };
  }
  const release = await persevere(() => findRelease(choice, asset, pinned, ask), options);
  const { version, url, sha256, sizeBytes } = release;
  const state = { version, url: url.href, sha256, etag: null, totalBytes: null };
  if (version !== options.current?.version) {
    // Bytes without notes may lie there: nobody knows what they are.
    await part.remove();
    await part.write(state);
  }
  return { state, sizeBytes };
}

async function fetchArchive(state: PartState, sizeBytes: number | null, options: JobOptions): Promise<void> {
  const { part, folders } = options;
  const received = part.read()?.receivedBytes ?? 0;
  options.onStep('downloading', state.version);
  options.onDownload(received, state.totalBytes ?? sizeBytes);
  await requireSpace(folders.root, diskNeed(options, received));
  try {
    await download({
      ...options,
      ask: askOf(options),
      state,
      expectedBytes: sizeBytes,
      maxBytes: ARCHIVE_MAX_BYTES,
      onProgress: (bytes, total) => options.onDownload(bytes, total ?? sizeBytes),
    });
  } catch (error) {
    // There is nothing to go on with.
    if (error instanceof HearthError && error.code === 'install_not_found') await part.remove();
    throw error;
  }
}

async function verify(state: PartState, options: JobOptions): Promise<void> {
  const { part, signal } = options;
  options.onStep('verifying', state.version);
  const { size } = await stat(part.path);
  const sum = await sha256Of(part.path, { signal, onProgress: (bytes) => options.onFraction(bytes / size) });
  if (sum === state.sha256) return;
  await part.remove();
  throw new HearthError(
    'install_checksum',
    { host: new URL(state.url).host },
    { detail: `expected ${state.sha256}, got ${sum}` },
  );
}

async function unpackAside(state: PartState, options: JobOptions): Promise<number> {
  const { asset, folders, part, platform, signal } = options;
  options.onStep('unpacking', state.version);
  const { size } = await stat(part.path);
  const expected = expectedBytes(options, size);
  await requireSpace(folders.root, expected);
  await mkdir(folders.unpacking, { mode: 0o700 });
  try {
    const bytes = await unpack({
      archive: part.path,
      name: asset.name,
      to: folders.unpacking,
      maxBytes: Math.max(UNPACKED_MIN_BYTES, expected * UNPACKED_MAX_FACTOR),
      signal,
      onProgress: options.onFraction,
      isNativeAllowed: options.isNativeZstdAllowed,
    });
    const program = path.join(folders.unpacking, asset.program);
    const isThere = await stat(program).then(
      (stats) => stats.isFile(),
      () => false,
    );
    if (!isThere) throw badArchive('no_program');
    if (platform !== 'win32') await chmod(program, 0o755);
    return bytes;
  } catch (error) {
    if (error instanceof HearthError && error.code === 'install_bad_archive') await part.remove();
    throw error;
  }
}

const MOVE_ATTEMPTS = 25;
const MOVE_PAUSE_MS = 200;
const HELD = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** Virus scanners on Windows hold new files open for a moment, and no folder can be renamed around them. */
async function moveWhole(from: string, to: string, { platform, signal }: JobOptions): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (platform !== 'win32' || attempt >= MOVE_ATTEMPTS || !HELD.has(codeOf(error))) throw error;
      await sleep(MOVE_PAUSE_MS, undefined, { signal });
    }
  }
}

function askOf({ fetch, baseUrl, stallMs, signal }: JobOptions): Ask {
  return { fetch, base: releasesBase(baseUrl), stallMs, signal };
}

/** The rest of the archive and what it holds, about. */
function diskNeed(options: JobOptions, receivedBytes: number): number {
  const { asset, pinned, part } = options;
  const known = pinned.assets[asset.name]?.sizeBytes ?? 0;
  const archive = part.read()?.state.totalBytes ?? known;
  return Math.max(0, archive - receivedBytes) + expectedBytes(options, archive);
}

function expectedBytes({ asset, pinned }: JobOptions, archiveBytes: number): number {
  const known = pinned.assets[asset.name];
  if (known === undefined) return archiveBytes * UNPACKED_MAX_FACTOR;
  return Math.ceil((archiveBytes / known.sizeBytes) * known.unpackedBytes);
}

async function requireSpace(folder: string, neededBytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free !== null && free < neededBytes) throw noSpace(folder, neededBytes, free);
}
