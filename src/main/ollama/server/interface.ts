// An Ollama server as a child of Hearth.
import type { LogBatch } from '../../../contract/engine.ts';
import type { HearthError } from '../../errors/index.ts';

export type OllamaServerState =
  | { state: 'stopped' }
  | { state: 'starting' }
  | ReadyState
  /** It ended by itself, or hung, and is started again; `attempt` of `limit` ends within the window. */
  | { state: 'restarting'; attempt: number; limit: number; atMs: number; problem: HearthError; lastLines: string[] }
  | { state: 'stopping' }
  /** `problem` is `ollama_start_failed` when it never was ready, `ollama_gave_up` when it ended too often. */
  | { state: 'failed'; problem: HearthError; lastLines: string[] };

export interface ReadyState {
  state: 'ready';
  /** `127.0.0.1:port`. */
  host: string;
  pid: number;
  version: string;
  startedAtMs: number;
  program: string;
  /** How many questions it answers at once. */
  parallel: number;
  /** Where it keeps its models, as it was started; null: where Ollama keeps them by itself. */
  modelsFolder: string | null;
}

export interface OllamaServer {
  readonly logPath: string;
  state(): OllamaServerState;
  /** The executable that would be started: HEARTH_OLLAMA, one on this computer, Hearth's own; null when there is none. */
  find(): string | null;
  /**
   * Starts the server unless it runs, and waits until it answers. A restart that waits for its time happens at once.
   * Rejects with `ollama_not_installed`, `ollama_start_failed` or `ollama_gave_up`. Concurrent calls share one start.
   */
  start(signal: AbortSignal): Promise<{ host: string }>;
  /** Counts its ends anew: a person wants it to be tried again. */
  renew(): void;
  /** Why `start` would be refused now: it ended too often, and nothing has changed since. */
  refusal(): HearthError | null;
  onChange(listener: (state: OllamaServerState) => void): () => void;
  /** SIGTERM to the whole process group, SIGKILL after a few seconds. Idempotent. */
  stop(): Promise<void>;
  /** SIGKILL to the whole process group. */
  kill(): Promise<void>;
  /** Looks at once whether it still answers; nothing to do while it does not run. */
  checkNow(): void;
  /** Whether a restart would run another program, or the same in another environment. */
  needsRestart(): boolean;
  /** The last lines of its log, oldest first. */
  log(lines: number): Promise<string[]>;
  followLog(lines: number, signal: AbortSignal): AsyncIterable<LogBatch>;
}
