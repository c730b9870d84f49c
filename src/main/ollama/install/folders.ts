// What lies where in the folder of Hearth's own Ollama, and which version is the current one.
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFile as writeAtomically } from 'atomically';
import { z } from 'zod';
import { isVersion } from './releases.ts';

const Current = z.object({
  version: z.string().refine(isVersion),
  /** What it takes on the disk. */
  bytes: z.number().int().nonnegative(),
});
export type Current = z.infer<typeof Current>;

const UNPACKING = '.unpacking';

export interface Folders {
  root: string;
  downloads: string;
  /** The version's folder. */
  version(version: string): string;
  /** Where an archive is unpacked before it becomes a version; on the same disk. */
  unpacking: string;
  /** For the moment in which a new version is tried out: it must find nothing of the user's. */
  trial: string;
}

/** @param dataFolder Hearth's data folder */
export function foldersIn(dataFolder: string): Folders {
  const root = path.join(dataFolder, 'engines', 'ollama');
  const versions = path.join(root, 'versions');
  return {
    root,
    downloads: path.join(root, 'downloads'),
    version: (version) => path.join(versions, version),
    unpacking: path.join(versions, UNPACKING),
    trial: path.join(root, 'trial'),
  };
}

/** Creates what an installation writes into, for this user only. */
export function makeFolders(folders: Folders): void {
  for (const folder of [folders.downloads, path.dirname(folders.unpacking)])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** The version that is installed; null when there is none, or its executable has gone. */
export function readCurrent(folders: Folders, program: string): Current | null {
  try {
    const current = Current.parse(JSON.parse(readFileSync(currentFile(folders), 'utf8')));
    return statSync(path.join(folders.version(current.version), program)).isFile() ? current : null;
  } catch {
    // No file, or one that says nothing of use: nothing is installed.
    return null;
  }
}

/** Whole or not at all, also when the power goes. */
export async function writeCurrent(folders: Folders, current: Current): Promise<void> {
  await writeAtomically(currentFile(folders), JSON.stringify(current), { mode: 0o600 });
}

export async function removeCurrent(folders: Folders): Promise<void> {
  await rm(currentFile(folders), { force: true });
}

function currentFile(folders: Folders): string {
  return path.join(folders.root, 'current.json');
}

/**
 * Removes what interrupted installations left and versions that are no longer needed; downloads stay.
 *
 * @param keep versions that stay: the current one, and one that still runs
 */
export async function tidy(folders: Folders, keep: ReadonlySet<string>): Promise<void> {
  const versions = path.dirname(folders.unpacking);
  await rm(folders.trial, { recursive: true, force: true });
  const names = await readdir(versions).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names)
    if (!keep.has(name)) await rm(path.join(versions, name), { recursive: true, force: true, maxRetries: 3 });
}

/** Which version a program belongs to; null when it is none of ours. */
export function versionOf(folders: Folders, program: string): string | null {
  const inside = path.relative(path.dirname(folders.unpacking), program);
  const [name = ''] = inside.split(path.sep);
  return isVersion(name) ? name : null;
}

/** What `tidy` keeps: the current version, and those that still run. */
export function keptVersions(current: Current | null, inUse: readonly string[]): Set<string> {
  return new Set(current === null ? inUse : [current.version, ...inUse]);
}
