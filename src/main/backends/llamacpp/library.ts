// Runs in the engine process: node-llama-cpp with its llama.cpp, on the card if that works, else on the processor.
import type * as library from 'node-llama-cpp';
import type { Llama } from 'node-llama-cpp';
import { KnownFailure } from './engine-failure.ts';
import type { GpuTry } from './gpu.ts';

export type Library = typeof library;

export interface LlamaRuntime {
  library: Library;
  llama: Llama;
}

/** By what was tried: a process serves models with and without a card. */
const started = new Map<string, Promise<LlamaRuntime>>();

/** Rejects with a KnownFailure; the next call tries anew. */
export function startLibrary(tries: readonly GpuTry[]): Promise<LlamaRuntime> {
  const key = String(tries);
  let runtime = started.get(key);
  if (!runtime) {
    runtime = start(tries).catch((error: unknown) => {
      started.delete(key);
      throw error;
    });
    started.set(key, runtime);
  }
  return runtime;
}

async function start(tries: readonly GpuTry[]): Promise<LlamaRuntime> {
  let library: Library;
  try {
    // Loaded late: it takes most of a second, and its absence is to be told in words.
    library = await import('node-llama-cpp');
  } catch (error) {
    throw new KnownFailure('engine_unavailable', 'its library (node-llama-cpp) is not installed.', error);
  }
  return { library, llama: await firstThatStarts(tries, (gpu) => open(library, gpu)) };
}

/** The first of the tries that works. One that does not is told on standard error; the last failure is the caller's. */
export async function firstThatStarts<Started>(
  tries: readonly GpuTry[],
  begin: (gpu: GpuTry) => Promise<Started>,
): Promise<Started> {
  let failure: unknown = new Error('nothing was tried');
  for (const gpu of tries) {
    try {
      return await begin(gpu);
    } catch (error) {
      failure = error;
      if (gpu !== false) console.error(`llama.cpp can't use the graphics card (${gpu}): ${String(error)}`);
    }
  }
  const system = `${process.platform} ${process.arch}`;
  throw new KnownFailure(
    'engine_unavailable',
    `it has no program for this system (${system}) or it can't be run.`,
    failure,
  );
}

function open(library: Library, gpu: GpuTry): Promise<Llama> {
  return library.getLlama({
    build: 'never',
    gpu,
    progressLogs: false,
    // Standard error is kept by the parent and told when the process crashes.
    logger: (level, message) => console.error(`${level}: ${message.trim()}`),
  });
}

/** What a failed load means for the person who asked. */
export function nameLoadError(library: Library, error: unknown): KnownFailure {
  if (error instanceof KnownFailure) return error;
  if (error instanceof library.InsufficientMemoryError) {
    return new KnownFailure('backend_failed', 'there is not enough free memory for this model', error);
  }
  return new KnownFailure('model_file_invalid', 'the engine could not load it', error);
}
