// GGUF files: which there are, what they are called, and whether they are what their name says.
import { existsSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { HearthError } from '../../errors/index.ts';

export interface ModelFile {
  /** Absolute. */
  path: string;
  /** The file's name without `.gguf`. */
  name: string;
  sizeBytes: number;
  modifiedAtMs: number;
}

const MAGIC = 'GGUF';
const EXTENSION = /\.gguf$/i;
/** Parts of a model that can't answer by themselves: image projectors, and the later pieces of a split file. */
const NOT_A_MODEL = /mmproj|-0*([2-9]|[1-9]\d+)-of-\d+\.gguf$/i;

export function modelName(path: string): string {
  return basename(path).replace(EXTENSION, '');
}

/** The models of a folder by name; empty when there is no such folder. */
export async function listModelFiles(folder: string): Promise<ModelFile[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const models = names.filter((name) => EXTENSION.test(name) && !NOT_A_MODEL.test(name)).toSorted();
  const files = await Promise.all(models.map((name) => statFile(join(folder, name))));
  return files.filter((file) => file !== null);
}

/** Rejects with `model_file_missing` or `model_file_invalid`. Reads four bytes. */
export async function readModelFile(path: string): Promise<ModelFile> {
  const file = await statFile(path);
  if (file === null) throw new HearthError('model_file_missing', { path });
  if (!(await startsAsGguf(path))) throw new HearthError('model_file_invalid', { path });
  return file;
}

/** The file somebody means: a path, or the name of a model in the folder, with or without `.gguf`. */
export function pathOfModel(given: string, folder: string): string {
  const path = resolve(given);
  const choices = [path, join(folder, given), join(folder, `${given}.gguf`)];
  return choices.find((choice) => existsSync(choice)) ?? path;
}

/** Null when there is no such file. */
async function statFile(path: string): Promise<ModelFile | null> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) return null;
  return { path, name: modelName(path), sizeBytes: found.size, modifiedAtMs: found.mtimeMs };
}

async function startsAsGguf(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return bytesRead === MAGIC.length && buffer.toString('latin1') === MAGIC;
  } finally {
    await file.close();
  }
}
