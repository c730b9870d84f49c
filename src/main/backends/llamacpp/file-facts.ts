// What model files say about themselves, read once a file.
import { answersAs, readGguf } from '../../models/index.ts';
import type { ModelInfo } from '../../../contract/backends.ts';
import type { ModelFile } from './model-files.ts';

type Facts = Awaited<ReturnType<typeof readGguf>>;

export interface FileFacts {
  /** Null for a file whose header can't be read: whoever loads it says why. A file that was written anew is read anew. */
  of(file: ModelFile): Promise<Facts | null>;
  /** Those that can answer: first those made for it, then those that only write on; each in the order given. */
  answering(files: readonly ModelFile[]): Promise<ModelFile[]>;
  /** As a list of models shows it. */
  info(file: ModelFile): Promise<ModelInfo>;
}

/** Files whose facts are kept at most; a folder has far fewer. */
const KEPT_MAX = 1_000;

export function createFileFacts(read: typeof readGguf = readGguf): FileFacts {
  const kept = new Map<string, Promise<Facts | null>>();

  function of(file: ModelFile): Promise<Facts | null> {
    const key = JSON.stringify([file.path, file.sizeBytes, file.modifiedAtMs]);
    let facts = kept.get(key);
    if (!facts) {
      if (kept.size >= KEPT_MAX) kept.clear();
      facts = read(file.path, new AbortController().signal).catch(() => null);
      kept.set(key, facts);
    }
    return facts;
  }

  return {
    of,
    async answering(files) {
      const kinds = await Promise.all(files.map(of)).then((all) => all.map((one) => one && answersAs(one)));
      return (['chat', 'base'] as const).flatMap((kind) => files.filter((_, index) => kinds[index] === kind));
    },
    async info(file) {
      const facts = await of(file);
      const { architecture = null, parameters = null, quantization = null } = facts ?? {};
      return { name: file.name, sizeBytes: file.sizeBytes, family: architecture, parameters, quantization };
    },
  };
}
