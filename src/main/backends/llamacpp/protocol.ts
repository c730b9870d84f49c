// What Hearth and its engine process say to each other: JSON over the channel that Node gives a child.
import type { ChatOptions } from '../interface.ts';
import type { GpuTry } from './gpu.ts';

export interface EngineMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface ModelLoad {
  /** Absolute path of a GGUF file. */
  path: string;
  /** Always at least 1: the library's own choice can be a hundred times slower. */
  threads: number;
  /** At most this many tokens of context; less when the model knows less or memory is short. */
  contextMaxTokens: number;
  /** Tried in this order; the last one is the processor. */
  gpu: GpuTry[];
  /** At most so many layers on the card; null: as many as fit. */
  gpuLayers: number | null;
}

/** How one answer is written; absent values are the engine's defaults. */
export interface AnswerOptions extends Omit<ChatOptions, 'contextTokens'> {
  format?: 'json' | Record<string, unknown>;
  /** False keeps a model that can think from doing so. */
  think?: boolean;
}

/** Ids are the parent's; one request runs at a time. `abort` names the request it ends. */
export type EngineRequest =
  | { type: 'load'; id: number; model: ModelLoad }
  | { type: 'chat'; id: number; messages: EngineMessage[]; options: AnswerOptions }
  | { type: 'embed'; id: number; texts: string[] }
  | { type: 'abort'; id: number };

/** In tokens. */
export interface ContextRoom {
  setTokens: number;
  neededTokens: number;
  /** What the model was made for. */
  canTokens: number;
}

/** `reason` completes the sentence of the code, `detail` is for the log. */
export interface EngineFailure {
  code: 'model_file_missing' | 'model_file_invalid' | 'engine_unavailable' | 'backend_failed' | 'context_too_small';
  reason: string;
  detail: string;
  /** Of `context_too_small`. */
  room?: ContextRoom;
}

/** `loaded`, `embedded`, `done`, `failed` and `aborted` are the last reply to a request. */
export type EngineReply =
  | { type: 'loaded'; id: number; contextTokens: number; version: string }
  | { type: 'embedded'; id: number; vectors: number[][] }
  /**
   * Nothing to show yet, but it has worked since the last reply: at least so many tokens of the prompt are in memory by now,
   * those among them that were kept from the answer before.
   */
  | { type: 'progress'; id: number; keptTokens: number; readTokens: number; promptTokens: number }
  | { type: 'text'; id: number; text: string }
  | { type: 'thinking'; id: number; text: string }
  | {
      type: 'done';
      id: number;
      /** `context`: there was no more room, before the limit that was asked for. */
      reason: 'stop' | 'length' | 'context';
      /** How much room there is for prompt and answer together. */
      contextTokens: number;
      promptTokens: number;
      /** Those of the prompt that were not in memory from the answer before. */
      readTokens: number;
      answerTokens: number;
      /** From the first token to the last. */
      answerMs: number;
      /** How many of the oldest messages did not fit into the context. */
      leftOutMessages: number;
    }
  | { type: 'failed'; id: number; failure: EngineFailure }
  | { type: 'aborted'; id: number };

export function isLastReply(reply: EngineReply): boolean {
  const { type } = reply;
  return type === 'loaded' || type === 'embedded' || type === 'done' || type === 'failed' || type === 'aborted';
}
