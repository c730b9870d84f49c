// The folder that an archive is unpacked into: nothing is written outside, and no more than a limit.
import { copyFile, link, lstat, mkdir, open, realpath, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { badArchive, codeOf } from '../trouble.ts';
import { entryPath, foldedPath, staysInside } from './paths.ts';

/** A release has a few hundred. */
const ENTRIES_MAX = 20_000;

export interface UnpackFolder {
  directory(name: string): Promise<void>;
  file(name: string, content: AsyncIterable<Uint8Array>, options: { isExecutable: boolean }): Promise<void>;
  /** Made at the end, so that no file can be written through it. */
  symbolicLink(name: string, target: string): Promise<void>;
  /** To a file that has been written already. */
  hardLink(name: string, target: string): Promise<void>;
  /** Makes the links, looks where they lead, and tells what all files take. */
  finish(): Promise<number>;
}

/**
 * @param root an empty folder that nobody else writes to
 * @param options.maxBytes more makes it an archive that can't be used (`install_bad_archive`), as does every odd name
 */
export function unpackFolder(root: string, options: { maxBytes: number; signal: AbortSignal }): UnpackFolder {
  const { maxBytes, signal } = options;
  const links = new Map<string, { parts: string[]; target: string }>();
  let bytes = 0;
  let entries = 0;

  /** Checked, with its folder made. */
  async function place(name: string): Promise<{ parts: string[]; at: string }> {
    signal.throwIfAborted();
    entries += 1;
    if (entries > ENTRIES_MAX) throw badArchive('too_large');
    const parts = entryPath(name);
    if (parts === null) throw badArchive('leads_outside');
    const at = path.join(root, ...parts);
    if (parts.length > 0) await mkdir(path.dirname(at), { recursive: true });
    return { parts, at };
  }

  async function write(at: string, content: AsyncIterable<Uint8Array>, mode: number): Promise<void> {
    const file = await open(at, 'w', mode);
    try {
      for await (const piece of content) {
        signal.throwIfAborted();
        bytes += piece.length;
        if (bytes > maxBytes) throw badArchive('too_large');
        await file.writeFile(piece);
      }
      // The old version goes once this one has answered: it has to be on the disk by then.
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** Nothing may lie below a link, and a file keeps its place. */
  async function makeLink({ parts, target }: { parts: string[]; target: string }): Promise<void> {
    for (let length = 1; length < parts.length; length += 1)
      if (links.has(foldedPath(parts.slice(0, length)))) throw badArchive('leads_outside');
    const at = path.join(root, ...parts);
    if ((await lstat(at).catch(() => null)) !== null) throw badArchive('leads_outside');
    await mkdir(path.dirname(at), { recursive: true });
    await symlink(target, at);
  }

  async function refuseOutside(parts: string[]): Promise<void> {
    // One that leads nowhere, or round in a circle, leads to no harm.
    const real = await realpath(path.join(root, ...parts)).catch(() => null);
    if (real === null) return;
    const inside = path.relative(await realpath(root), real);
    if (inside === '..' || inside.startsWith(`..${path.sep}`) || path.isAbsolute(inside))
      throw badArchive('leads_outside');
  }

  return {
    directory: (name) =>
      sorted(async () => {
        const { at } = await place(name);
        await mkdir(at, { recursive: true });
      }),
    file: (name, content, { isExecutable }) =>
      sorted(async () => {
        const { at } = await place(name);
        await write(at, content, isExecutable ? 0o755 : 0o644);
      }),
    symbolicLink: (name, target) =>
      sorted(async () => {
        const { parts } = await place(name);
        if (parts.length === 0 || !staysInside(parts, target)) throw badArchive('leads_outside');
        links.set(foldedPath(parts), { parts, target });
      }),
    hardLink: (name, target) =>
      sorted(async () => {
        const { at } = await place(name);
        const of = entryPath(target);
        if (of === null || of.length === 0) throw badArchive('leads_outside');
        const file = path.join(root, ...of);
        const stats = await lstat(file);
        if (!stats.isFile()) throw badArchive('odd_entry');
        await rm(at, { force: true });
        // Not every file system has them.
        await link(file, at).catch(() => copyFile(file, at));
      }),
    finish: () =>
      sorted(async () => {
        for (const made of links.values()) await makeLink(made);
        for (const { parts } of links.values()) await refuseOutside(parts);
        return bytes;
      }),
  };
}

/** A name that is a file for one entry and a folder for another, or a link to nothing: the archive's fault. */
const CONTRADICTIONS = new Set(['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOENT', 'ERR_FS_EISDIR', 'ENAMETOOLONG']);

async function sorted<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw CONTRADICTIONS.has(codeOf(error)) ? badArchive('unreadable', error) : error;
  }
}
