// Free memory: enough before a model is loaded, and looked at while one lies idle in it.
import type { Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import type { Memory } from '../../models/index.ts';
import { sizeText } from '../../words/index.ts';
import { after as afterMs, type After } from '../waiting/after.ts';
import type { ModelFile } from './model-files.ts';

/** Between two looks while a model is loaded. */
const WATCH_MS = 30_000;
const MIB = 2 ** 20;
/** Less than this part of the memory is short, but never less than the one and never more than the other. */
const SHORT_PART = 0.05;
const SHORT_MIN_BYTES = 512 * MIB;
const SHORT_MAX_BYTES = 2_048 * MIB;

export type ReadMemory = () => Promise<Memory>;
/** In bytes; null where it is unknown. */
export type NeedOf = (path: string, signal: AbortSignal) => Promise<number | null>;

/** Whether a system with this much left would soon swap or end programs. */
export function isShort({ totalBytes, availableBytes }: Memory): boolean {
  const least = Math.max(SHORT_MIN_BYTES, totalBytes * SHORT_PART);
  return availableBytes < Math.min(least, SHORT_MAX_BYTES);
}

/** The numbers of a model that surely does not fit into what is free now; null when it may. */
async function shortage(
  { path }: ModelFile,
  { memory, needOf, signal }: { memory: ReadMemory; needOf: NeedOf; signal: AbortSignal },
): Promise<{ needBytes: number; freeBytes: number } | null> {
  const needBytes = await needOf(path, signal);
  if (needBytes === null) return null;
  const freeBytes = (await memory()).availableBytes;
  return needBytes > freeBytes ? { needBytes, freeBytes } : null;
}

/**
 * Rejects with `memory_short` when the model surely does not fit.
 * @param options.makeRoom gives back what the model before it holds; called only when it is needed
 */
export async function requireRoom(
  file: ModelFile,
  options: { memory: ReadMemory; needOf: NeedOf; makeRoom: () => Promise<void>; signal: AbortSignal },
): Promise<void> {
  if ((await shortage(file, options)) === null) return;
  await options.makeRoom();
  const short = await shortage(file, options);
  if (short === null) return;
  const needed = sizeText(short.needBytes);
  throw new HearthError('memory_short', { model: file.name, needed, free: sizeText(short.freeBytes) });
}

/** Looks every 30 s from `start` to `stop`; `onShort` may be called at each of them. */
export function watchMemory(options: {
  memory: ReadMemory;
  onShort: () => void;
  after?: After;
  log?: Log | undefined;
}): {
  start(): void;
  stop(): void;
} {
  const { memory, onShort, after = afterMs, log } = options;
  /** Of the watch that is on; a look that ends after its watch says nothing. */
  let watch: { cancel: () => void } | null = null;

  function wait(mine: { cancel: () => void }): void {
    mine.cancel = after(WATCH_MS, () => void look(mine));
  }

  async function look(mine: { cancel: () => void }): Promise<void> {
    try {
      const now = await memory();
      if (watch === mine && isShort(now)) onShort();
    } catch (error) {
      log?.warn('free memory could not be read', { error });
    }
    if (watch === mine) wait(mine);
  }

  return {
    start() {
      if (watch === null) wait((watch = { cancel: () => {} }));
    },
    stop() {
      watch?.cancel();
      watch = null;
    },
  };
}
