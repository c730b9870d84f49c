// What every engine offers, whatever it is. One file per engine implements it.
import type { BackendStatus, BackendsStatus, ModelInfo } from '../../contract/backends.ts';
import type { AnswerSource, AnswerUsage, BackendKind } from '../../contract/conversations.ts';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface ChatRequest {
  /** Null leaves the choice to the backend. */
  model: string | null;
  messages: ChatMessage[];
  /** Sampling and length; absent values are the engine's defaults. */
  options?: { maxTokens?: number; seed?: number; temperature?: number };
}

/** What an engine says while it answers. A stream that ends without `done` is an error, not an answer. */
export type ChatEvent =
  | { type: 'loading'; model: string }
  | { type: 'thinking'; text: string }
  | { type: 'text'; text: string }
  | { type: 'done'; reason: 'stop' | 'length'; usage: AnswerUsage };

/** `look` only looks; `wake` also starts what is asleep. */
export type LookDepth = 'look' | 'wake';

export interface Backend {
  readonly kind: BackendKind;
  /** As a person names it: `Ollama`, `Built-in engine`, `Demo`. */
  readonly label: string;
  /** What the queue counts against: two backends of one lane share its slots, for example `ollama:127.0.0.1:11434`. */
  readonly lane: string;
  /** How many answers it writes at once. */
  readonly concurrency: number;
  /** Looks whether it would answer; never throws, ends within the connect limit. Default `wake`. */
  check(signal: AbortSignal, depth?: LookDepth): Promise<BackendStatus>;
  models(signal: AbortSignal): Promise<ModelInfo[]>;
  /** The model a request without one goes to; null while none is known. */
  modelFor(requested: string | null): string | null;
  /** The URL and host that the badge of an answer shows. */
  describe(model: string | null): { url: string; host: string | null };
  /** Rejects with a HearthError; honours the signal within a few milliseconds, also before the first token. */
  chat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatEvent>;
  /** Ends what this backend runs. Idempotent, bounded in time. */
  stop?(): Promise<void>;
}

/** The built-in engine: one process, one model in memory at a time. */
export interface LocalEngine {
  /** The model of the settings, else the first one in the models folder. */
  backend(): Backend;
  /** One file, or the name of a model in the models folder, whatever the settings say. */
  forFile(file: string): Backend;
  /** Ends the engine for good. Idempotent, bounded in time. */
  stop(): Promise<void>;
}

export type RunEvent = ChatEvent | { type: 'source'; source: AnswerSource };

/** Which backends a question may go to, in order. Made when it is asked, so that settings changed later do not mix in. */
export interface BackendPlan {
  readonly candidates: readonly Backend[];
  /** Those left out before asking (not reachable, no model), with the reason. */
  readonly skipped: AnswerSource['skipped'];
  /** The model that was chosen by name (for this question or in the settings); null leaves it to the backend. */
  readonly model: string | null;
  /** The lane and slots of the first candidate: where the job queues. */
  readonly lane: string;
  readonly concurrency: number;
}

/** The engines as the chat and the windows use them. */
export interface Backends {
  /**
   * Chooses for one question. Waits for a running check, never longer than the connect limit.
   * Rejects with `backend_url_invalid` or `no_backend`.
   */
  plan(wish: { backend?: string | undefined; model?: string | undefined }, signal: AbortSignal): Promise<BackendPlan>;
  /**
   * Asks the candidates in turn until one gives its first token; `source` comes before any text, again at every change of
   * candidate. After the first token a failure is final and rejects.
   */
  run(plan: BackendPlan, request: Omit<ChatRequest, 'model'>, signal: AbortSignal): AsyncIterable<RunEvent>;
  status(): BackendsStatus;
  /** Looks at every backend anew. */
  check(): Promise<BackendsStatus>;
  /** Called at every change of the status; returns how to stop listening. */
  onChange(listener: (status: BackendsStatus) => void): () => void;
  /** Looks around for the first time, in the background. */
  start(): void;
  /** Ends every engine that Hearth started. */
  stop(): Promise<void>;
}
