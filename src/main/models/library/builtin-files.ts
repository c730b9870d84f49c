// The GGUF files that the built-in engine can use: those of Hearth's models folder, and the one of the settings.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { InstalledModel } from '../../../contract/models.ts';
import { isWhole } from '../gguf/can-chat.ts';
import type { GgufFacts, ReadGguf } from '../gguf/interface.ts';

export interface BuiltinFile {
  model: Omit<InstalledModel, 'lastUsedAtMs'> & { path: string; sizeBytes: number };
  facts: GgufFacts;
  /** The file and its further parts, when it is split. */
  parts: string[];
  /** In Hearth's own folder; another one is the user's and is never deleted. */
  isOurs: boolean;
}

export interface BuiltinFiles {
  /** The models among them, by path. Files that are none or can't be read are left out. */
  list(signal: AbortSignal): Promise<BuiltinFile[]>;
}

interface Options {
  /** Hearth's own folder of models; need not exist. */
  folder: string;
  /** A file elsewhere, from the settings. */
  chosen: () => string | null;
  readGguf: ReadGguf;
}

const EXTENSION = /\.gguf$/i;

export function createBuiltinFiles({ folder, chosen, readGguf }: Options): BuiltinFiles {
  /** By path; read again when size or time differ. Null: no model. */
  let known = new Map<string, { stamp: string; facts: GgufFacts | null }>();

  async function look(file: string, isOurs: boolean, signal: AbortSignal): Promise<BuiltinFile | null> {
    const found = await stat(file).catch(() => null);
    if (found === null || !found.isFile()) return null;
    const stamp = `${found.size} ${found.mtimeMs}`;
    let entry = known.get(file);
    if (entry?.stamp !== stamp) {
      const facts = await readGguf(file, signal).catch(() => {
        signal.throwIfAborted();
        // A file that is still being copied, or none at all: looked at again when it has changed.
        return null;
      });
      known.set(file, (entry = { stamp, facts }));
    }
    const { facts } = entry;
    if (facts === null || !isWhole(facts) || !facts.hasWeights) return null;
    const parts = await partsOf(file, facts);
    const sizeBytes = await sizeOfAll(parts);
    return { model: modelFrom({ file, facts, sizeBytes, modifiedAtMs: found.mtimeMs }), facts, parts, isOurs };
  }

  return {
    async list(signal) {
      const names = await readdir(folder).catch(() => []);
      const own = names.filter((name) => EXTENSION.test(name)).map((name) => path.join(folder, name));
      const other = chosen();
      const paths = new Map(own.map((file) => [file, true]));
      if (other !== null) paths.set(path.resolve(other), isInside(path.resolve(other), folder));
      known = new Map([...known].filter(([file]) => paths.has(file)));
      const files: BuiltinFile[] = [];
      // One after the other: each is a few reads, and nobody waits for them.
      for (const [file, isOurs] of paths) {
        const found = await look(file, isOurs, signal);
        if (found !== null) files.push(found);
      }
      return withOwnNames(files);
    },
  };
}

/** All files of a split model that are there, as llama.cpp names them; the file alone otherwise. */
export async function partsOf(file: string, { splitPart }: GgufFacts): Promise<string[]> {
  const [, stem, , count] = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i.exec(path.basename(file)) ?? [];
  if (splitPart === null || stem === undefined || count === undefined) return [file];
  const names = await readdir(path.dirname(file)).catch(() => []);
  const isPart = new RegExp(`^${escaped(stem)}-\\d{5}-of-${count}\\.gguf$`, 'i');
  const parts = names.filter((name) => isPart.test(name)).map((name) => path.join(path.dirname(file), name));
  return parts.includes(file) ? parts : [file];
}

export async function sizeOfAll(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map((file) => stat(file).catch(() => null)));
  return sizes.reduce((sum, one) => sum + (one?.size ?? 0), 0);
}

export function isInside(file: string, folder: string): boolean {
  const way = path.relative(folder, file);
  return way !== '' && !way.startsWith('..') && !path.isAbsolute(way);
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function modelFrom(given: {
  file: string;
  facts: GgufFacts;
  sizeBytes: number;
  modifiedAtMs: number;
}): BuiltinFile['model'] {
  const { file, facts, sizeBytes, modifiedAtMs } = given;
  return {
    // As the built-in engine calls it.
    name: path.basename(file).replace(EXTENSION, ''),
    engine: 'llamacpp',
    sizeBytes,
    digest: null,
    family: facts.architecture,
    parameters: facts.parameters,
    quantization: facts.quantization,
    contextLength: facts.contextLength,
    capabilities: facts.isEmbedding ? ['embedding'] : ['completion'],
    modifiedAtMs,
    loaded: null,
    path: file,
  };
}

/** Two files of one name: the one outside Hearth's folder goes by its path, which the engine takes as well. */
function withOwnNames(files: BuiltinFile[]): BuiltinFile[] {
  const ours = new Set(files.filter(({ isOurs }) => isOurs).map(({ model }) => model.name));
  return files.map((file) =>
    file.isOurs || !ours.has(file.model.name) ? file : { ...file, model: { ...file.model, name: file.model.path } },
  );
}
