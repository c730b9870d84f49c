// The files of a models folder: listing them, copying one so that it is certain, and deleting what was copied.
import { createHash } from 'node:crypto';
import type * as nodeFiles from 'node:fs/promises';
import path from 'node:path';
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';

/** The file system as it is used here, so that a test can let any step fail. */
export type Files = Pick<
  typeof nodeFiles,
  'link' | 'lstat' | 'mkdir' | 'open' | 'readdir' | 'readFile' | 'rmdir' | 'unlink' | 'utimes' | 'writeFile'
>;

export interface ModelsFile {
  /** From the folder, for example `blobs/sha256-…`. */
  name: string;
  sizeBytes: number;
  mtimeMs: number;
}

/** What Ollama keeps its models in; other things in the folder are not touched. */
const PARTS = ['blobs', 'manifests'];
const BLOB = /^sha256-([\da-f]{64})$/;
/** A few milliseconds of hashing at a time: main has windows to answer meanwhile. */
const CHUNK_BYTES = 1024 * 1024;

/** Rejects with `work_failed` where a link stands in for a file: what it leads to is not ours to move. */
export async function listFiles(files: Files, folder: string, subject: string): Promise<ModelsFile[]> {
  const found: ModelsFile[] = [];
  const walk = async (name: string): Promise<void> => {
    const place = path.join(folder, name);
    const stats = await files.lstat(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      return null;
    });
    if (stats === null) return;
    if (stats.isDirectory()) {
      for (const child of (await files.readdir(place)).toSorted()) await walk(path.join(name, child));
    } else if (stats.isFile()) {
      found.push({ name, sizeBytes: stats.size, mtimeMs: stats.mtimeMs });
    } else {
      const reason = text('ollama:library.link', { path: place });
      throw new HearthError('work_failed', { subject, reason });
    }
  };
  for (const part of PARTS) await walk(part);
  return found;
}

/** Those of `now` that are not in `before` as they are. */
export function changedSince(before: readonly ModelsFile[], now: readonly ModelsFile[]): ModelsFile[] {
  const known = new Map(before.map((file) => [file.name, file]));
  return now.filter((file) => {
    const same = known.get(file.name);
    return same?.sizeBytes !== file.sizeBytes || same.mtimeMs !== file.mtimeMs;
  });
}

export interface CopyJob {
  from: string;
  to: string;
  file: ModelsFile;
  /** Both folders are on one disk: a layer gets a second name there and takes no space. */
  isLinked: boolean;
  subject: string;
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
}

/** The folder of the copy has to be there. */
export async function copyOne(files: Files, job: CopyJob): Promise<void> {
  const { from, to, file, signal, onBytes } = job;
  signal.throwIfAborted();
  const target = path.join(to, file.name);
  // What an earlier attempt left.
  await files.unlink(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  // Manifests are written in place: two names for one would change both.
  if (job.isLinked && file.name.startsWith(`blobs${path.sep}`)) {
    await files.link(path.join(from, file.name), target);
    onBytes(file.sizeBytes);
    return;
  }
  const digest = await copyBytes(files, job, target);
  const expected = BLOB.exec(path.basename(file.name))?.[1];
  if (expected !== undefined && digest !== expected) {
    const reason = text('ollama:library.damaged', { path: path.join(from, file.name) });
    throw new HearthError('work_failed', { subject: job.subject, reason });
  }
  // Ollama tells the time of a manifest as that of its model.
  await files.utimes(target, new Date(), new Date(file.mtimeMs));
}

/** @returns the SHA-256 of what was copied */
async function copyBytes(files: Files, { from, file, signal, onBytes }: CopyJob, target: string): Promise<string> {
  const hash = createHash('sha256');
  const source = await files.open(path.join(from, file.name), 'r');
  try {
    const copy = await files.open(target, 'wx', 0o644);
    try {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, file.sizeBytes)));
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await source.read(chunk, 0, chunk.length, null);
        if (bytesRead === 0) break;
        hash.update(chunk.subarray(0, bytesRead));
        for (let at = 0; at < bytesRead;) at += (await copy.write(chunk, at, bytesRead - at)).bytesWritten;
        onBytes(bytesRead);
      }
      // Before the old one goes.
      await copy.sync();
    } finally {
      await copy.close();
    }
  } finally {
    await source.close();
  }
  return hash.digest('hex');
}

/** Deletes files, and all folders below it that are empty then. False when a file could not be deleted. */
export async function deleteFiles(files: Files, folder: string, names: readonly string[]): Promise<boolean> {
  let isComplete = true;
  for (const name of names) {
    await files.unlink(path.join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      isComplete &&= error.code === 'ENOENT';
    });
  }
  for (const part of PARTS) await deleteEmptyFolders(files, path.join(folder, part)).catch(() => undefined);
  return isComplete;
}

/** The deepest first; one that holds something else stays. */
async function deleteEmptyFolders(files: Files, folder: string): Promise<void> {
  if (!(await files.lstat(folder)).isDirectory()) return;
  for (const name of await files.readdir(folder)) await deleteEmptyFolders(files, path.join(folder, name));
  await files.rmdir(folder).catch(() => undefined);
}
