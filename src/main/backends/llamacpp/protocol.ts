// What Hearth and its engine process say to each other: JSON over the channel that Node gives a child.

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
}

export interface SamplingOptions {
  maxTokens?: number;
  seed?: number;
  temperature?: number;
}

/** Ids are the parent's; one request runs at a time. `abort` names the request it ends. */
export type EngineRequest =
  | { type: 'load'; id: number; model: ModelLoad }
  | { type: 'chat'; id: number; messages: EngineMessage[]; options: SamplingOptions }
  | { type: 'abort'; id: number };

/** `reason` completes the sentence of the code, `detail` is for the log. */
export interface EngineFailure {
  code: 'model_file_missing' | 'model_file_invalid' | 'engine_unavailable' | 'backend_failed';
  reason: string;
  detail: string;
}

/** `loaded`, `done`, `failed` and `aborted` are the last reply to a request. */
export type EngineReply =
  | { type: 'loaded'; id: number; contextTokens: number; version: string }
  /** Nothing to show yet, but tokens were worked on since the last reply. */
  | { type: 'progress'; id: number }
  | { type: 'text'; id: number; text: string }
  | { type: 'thinking'; id: number; text: string }
  | {
      type: 'done';
      id: number;
      reason: 'stop' | 'length';
      promptTokens: number;
      answerTokens: number;
      /** From the first token to the last. */
      answerMs: number;
      /** How many of the oldest messages did not fit into the context. */
      leftOutMessages: number;
    }
  | { type: 'failed'; id: number; failure: EngineFailure }
  | { type: 'aborted'; id: number };

export function isLastReply(reply: EngineReply): boolean {
  return reply.type === 'loaded' || reply.type === 'done' || reply.type === 'failed' || reply.type === 'aborted';
}
