// What has arrived of an archive: the bytes in a `.part` file, and beside it a JSON file that tells what they belong to.
import { readFileSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { writeFile as writeAtomically } from 'atomically';
import { z } from 'zod';
import { isVersion } from './releases.ts';

const PartState = z.object({
  version: z.string().refine(isVersion),
  /** Where it comes from; from elsewhere its `etag` means nothing. */
  url: z.string(),
  /** What its makers say it has to be. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Of the answer that the bytes came with; null when there was none that can be asked for again. */
  etag: z.string().nullable(),
  /** Null until a server told. */
  totalBytes: z.number().int().positive().nullable(),
});
export type PartState = z.infer<typeof PartState>;

/** What has arrived, and of what. */
export interface Begun {
  state: PartState;
  receivedBytes: number;
}

export interface PartFile {
  /** The bytes. */
  path: string;
  /** Null when nothing that could be gone on with is there. Synchronous: asked once at the start. */
  read(): Begun | null;
  write(state: PartState): Promise<void>;
  remove(): Promise<void>;
}

export function partFile(folder: string, assetName: string): PartFile {
  const file = path.join(folder, `${assetName}.part`);
  const stateFile = path.join(folder, `${assetName}.json`);
  return {
    path: file,
    read() {
      try {
        const state = PartState.parse(JSON.parse(readFileSync(stateFile, 'utf8')));
        return { state, receivedBytes: statSync(file, { throwIfNoEntry: false })?.size ?? 0 };
      } catch {
        // Missing or damaged: without it the bytes are worth nothing.
        return null;
      }
    },
    write: (state) => writeAtomically(stateFile, JSON.stringify(state), { mode: 0o600 }),
    async remove() {
      // The bytes first: a state without bytes is harmless, the other way round it is a leftover nobody knows of.
      await rm(file, { force: true });
      await rm(stateFile, { force: true });
    },
  };
}
