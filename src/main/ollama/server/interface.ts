// An Ollama server as a child of Hearth.

export type OllamaServerState =
  | { state: 'stopped' }
  | { state: 'starting' }
  /** `host` is `127.0.0.1:port`. */
  | { state: 'ready'; host: string; pid: number }
  /** `reason` is one sentence; the log holds the rest. */
  | { state: 'failed'; reason: string; lastLines: string[] };

export interface OllamaServer {
  readonly logPath: string;
  state(): OllamaServerState;
  /** The executable that would be started: HEARTH_OLLAMA, else `ollama` on PATH; null when there is none. */
  find(): string | null;
  /**
   * Starts the server unless it runs, and waits until it answers.
   * Rejects with `ollama_not_installed` or `ollama_start_failed`. Concurrent calls share one start.
   */
  start(signal: AbortSignal): Promise<{ host: string }>;
  onChange(listener: (state: OllamaServerState) => void): () => void;
  /** SIGTERM to the whole process group, SIGKILL after a few seconds. Idempotent. */
  stop(): Promise<void>;
}
