// The least memory that a model file can work in: for an engine that would rather refuse than bring the computer down.
import { Settings } from '../../../contract/settings.ts';
import { readGguf } from '../gguf/read.ts';
import { partsOf, sizeOfAll } from '../library/builtin-files.ts';
import { type Memory, readMemory } from './memory.ts';
import { needOf } from './need.ts';
import { runProgram } from './run-program.ts';

/** Room for a short conversation: an engine makes the context smaller before it gives up. */
const LEAST_CONTEXT_TOKENS = 2_048;

/**
 * Weights and the cache of a short context, in bytes. A lower bound: working buffers are left out, so that what is more than
 * the free memory surely does not fit. Null for a file that can't be read: whoever loads it says why.
 */
export async function leastNeedOf(file: string, signal: AbortSignal): Promise<number | null> {
  try {
    const facts = await readGguf(file, signal);
    const weightsBytes = await sizeOfAll(await partsOf(file, facts));
    const context = Math.min(LEAST_CONTEXT_TOKENS, facts.contextLength ?? LEAST_CONTEXT_TOKENS);
    const { cacheBytes } = needOf({ ...facts, weightsBytes }, context, Settings.parse({}).engine);
    return weightsBytes + (cacheBytes ?? 0);
  } catch {
    return null;
  }
}

/** Measured now; some milliseconds. Never rejects. */
export function memoryNow(): Promise<Memory> {
  return readMemory(process.platform, runProgram);
}
