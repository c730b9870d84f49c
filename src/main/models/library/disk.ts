// The disk that Ollama's models are on: how much is free, what they take, and what broken downloads left there.
import { lstat, readdir, stat, statfs, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { DiskSpace } from '../../../contract/models.ts';
import { HearthError } from '../../errors/index.ts';
import { sizeText } from '../../words/index.ts';

const BLOB = /^sha256-[\da-f]{64}$/;
/** A layer on its way, and the notes on which of its parts have arrived. */
const PARTIAL = /^(sha256-[\da-f]{64})-partial(?:-\d+)?$/;
/** A download under way, also one that somebody else runs, writes more often. */
const LEFT_AFTER_MS = 60_000;
const SECTOR_BYTES = 512;

interface Leftover {
  path: string;
  /** Of the layer that it is a part of. */
  blob: string;
  bytes: number;
}

/**
 * Null where the folder can't be looked into.
 * @param options.isBusy a download may go on with what lies there: then nothing is a leftover
 */
export async function diskSpace(
  folder: string,
  options: { isBusy: boolean; nowMs: number },
): Promise<DiskSpace | null> {
  try {
    const { bsize, blocks, bavail } = await statfs(await existing(folder));
    const leftovers = options.isBusy ? [] : await findLeftovers(folder, options.nowMs);
    return {
      folder,
      totalBytes: bsize * blocks,
      freeBytes: bsize * bavail,
      modelsBytes: await blobBytes(folder),
      leftoverBytes: leftovers.reduce((sum, { bytes }) => sum + bytes, 0),
      leftoverCount: new Set(leftovers.map(({ blob }) => blob)).size,
    };
  } catch {
    // Not for us to look into: the window shows no disk.
    return null;
  }
}

/** Free bytes of the disk that a folder is on, or will be. */
export async function freeBytes(folder: string): Promise<number> {
  const { bsize, bavail } = await statfs(await existing(folder));
  return bsize * bavail;
}

/** Rejects with `work_no_space`. */
export async function requireSpace(folder: string, neededBytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free >= neededBytes) return;
  throw new HearthError('work_no_space', { path: folder, needed: sizeText(neededBytes), free: sizeText(free) });
}

/** The folder, or the nearest one above it that is there. */
async function existing(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    const isThere = await stat(at).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        return false;
      },
    );
    if (isThere || path.dirname(at) === at) return at;
  }
}

async function blobBytes(folder: string): Promise<number> {
  let sum = 0;
  for (const name of await namesOfBlobs(folder)) {
    if (BLOB.test(name)) sum += (await stat(path.join(folder, 'blobs', name)).catch(() => null))?.size ?? 0;
  }
  return sum;
}

async function findLeftovers(folder: string, nowMs: number): Promise<Leftover[]> {
  const blobs = path.join(folder, 'blobs');
  // A folder that is a link belongs to somebody else's arrangement.
  const isFolder = (await lstat(blobs).catch(() => null))?.isDirectory() ?? false;
  if (!isFolder) return [];
  const found: Leftover[] = [];
  const fresh = new Set<string>();
  for (const name of await readdir(blobs)) {
    const blob = PARTIAL.exec(name)?.[1];
    if (blob === undefined) continue;
    const file = path.join(blobs, name);
    const stats = await lstat(file).catch(() => null);
    if (stats === null || !stats.isFile()) continue;
    if (nowMs - stats.mtimeMs < LEFT_AFTER_MS) fresh.add(blob);
    // A layer is laid out at its full size from the beginning: only what is written takes space.
    found.push({ path: file, blob, bytes: Math.min(stats.size, stats.blocks * SECTOR_BYTES) });
  }
  return found.filter(({ blob }) => !fresh.has(blob));
}

/**
 * Deletes what `diskSpace` counted, and nothing else. A file that does not let itself be deleted stays.
 * @param options.isBusy asked before each file: a download that begins meanwhile may go on with it
 */
export async function clearLeftovers(
  folder: string,
  options: { isBusy: () => boolean; nowMs: number },
): Promise<{ freedBytes: number }> {
  let freedBytes = 0;
  for (const { path: file, bytes } of options.isBusy() ? [] : await findLeftovers(folder, options.nowMs)) {
    if (options.isBusy()) break;
    const isGone = await unlink(file).then(
      () => true,
      () => false,
    );
    if (isGone) freedBytes += bytes;
  }
  return { freedBytes };
}

async function namesOfBlobs(folder: string): Promise<string[]> {
  try {
    return await readdir(path.join(folder, 'blobs'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
