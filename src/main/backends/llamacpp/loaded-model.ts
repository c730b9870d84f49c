// Runs in the engine process: one model in memory, and answers from it, with node-llama-cpp.
import { existsSync } from 'node:fs';
import type { LlamaContext, LlamaModel } from 'node-llama-cpp';
import { type ChatListener, createAnswers, type Done } from './answers.ts';
import { chatWrapperFor } from './chat-wrapper.ts';
import { KnownFailure } from './engine-failure.ts';
import { type LlamaRuntime, nameLoadError, startLibrary } from './library.ts';
import type { AnswerOptions, EngineMessage, ModelLoad } from './protocol.ts';

export interface LoadedModel {
  readonly contextTokens: number;
  /** Of node-llama-cpp and the llama.cpp in it, and what it computes on. */
  readonly version: string;
  chat(messages: EngineMessage[], options: AnswerOptions, listener: ChatListener): Promise<Done>;
  /** One vector a text, in their order. */
  embed(texts: readonly string[], signal: AbortSignal): Promise<number[][]>;
  dispose(): Promise<void>;
}

/** Longer texts have no use for a vector, and their buffers take memory beside the model's. */
const EMBED_MAX_TOKENS = 2_048;

/** Rejects with a KnownFailure, or with the signal's reason. */
export async function loadModel(load: ModelLoad, signal: AbortSignal): Promise<LoadedModel> {
  const runtime = await startLibrary(load.gpu);
  const { library, llama } = runtime;
  if (!existsSync(load.path)) throw new KnownFailure('model_file_missing', 'the file is gone');
  const { model, context } = await open(runtime, load, signal);
  const answers = createAnswers({
    library,
    llama,
    sequence: context.getSequence(),
    wrapperFor: await chatWrapperFor(library, model),
  });
  const release = llama.llamaCppRelease.release;
  return {
    contextTokens: context.contextSize,
    version: `node-llama-cpp ${await library.getModuleVersion()}, llama.cpp ${release}, ${llama.gpu || 'cpu'}`,
    chat: answers,
    embed: (texts, embedSignal) => embed(model, texts, { threads: load.threads, signal: embedSignal }),
    dispose: () => model.dispose(),
  };
}

/** A card that has no room for the model, or fails with it, is no reason to fail: the processor takes it. */
async function open(runtime: LlamaRuntime, load: ModelLoad, signal: AbortSignal): Promise<Opened> {
  try {
    return await openOnce(runtime, load, signal);
  } catch (error) {
    signal.throwIfAborted();
    const named = nameLoadError(runtime.library, error);
    if (runtime.llama.gpu === false || load.gpuLayers === 0) throw named;
    console.error(`the model could not be loaded with the graphics card: ${named.failure.detail}`);
    return openOnce(runtime, { ...load, gpuLayers: 0 }, signal).catch((again: unknown) => {
      signal.throwIfAborted();
      throw nameLoadError(runtime.library, again);
    });
  }
}

interface Opened {
  model: LlamaModel;
  context: LlamaContext;
}

async function openOnce({ llama }: LlamaRuntime, load: ModelLoad, signal: AbortSignal): Promise<Opened> {
  const { path, threads, contextMaxTokens, gpuLayers } = load;
  const layers = gpuLayers === null ? 'auto' : gpuLayers === 0 ? 0 : { max: gpuLayers };
  const model = await llama.loadModel({ modelPath: path, gpuLayers: layers, loadSignal: signal });
  try {
    const contextSize = { max: contextMaxTokens };
    return { model, context: await model.createContext({ threads, contextSize, createSignal: signal }) };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

async function embed(
  model: LlamaModel,
  texts: readonly string[],
  { threads, signal }: { threads: number; signal: AbortSignal },
): Promise<number[][]> {
  const context = await model.createEmbeddingContext({
    threads,
    contextSize: { max: EMBED_MAX_TOKENS },
    createSignal: signal,
  });
  try {
    const vectors: number[][] = [];
    for (const text of texts) {
      signal.throwIfAborted();
      if (context.calculateInputLength(text) > Math.min(EMBED_MAX_TOKENS, model.trainContextSize))
        throw new KnownFailure('backend_failed', `a text is longer than the ${EMBED_MAX_TOKENS} tokens that fit`);
      vectors.push([...(await context.getEmbeddingFor(text)).vector]);
    }
    return vectors;
  } finally {
    await context.dispose();
  }
}
