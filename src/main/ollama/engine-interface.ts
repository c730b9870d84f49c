// The Ollama that answers, as the windows and the terminal see and steer it.
import type { EngineActivity, EngineLog, EngineStatus, LogBatch } from '../../contract/engine.ts';

export interface Engine {
  status(): EngineStatus;
  /** At every change; a few times a second at most. Returns how to stop listening. */
  onChange(listener: (status: EngineStatus) => void): () => void;
  /** Resolves when it answers. Rejects with `ollama_not_installed` or `ollama_start_failed`. Begins counting failures anew. */
  start(signal: AbortSignal): Promise<EngineStatus>;
  /** Rejects with `engine_not_ours` when another Ollama answers. */
  stop(): Promise<EngineStatus>;
  restart(signal: AbortSignal): Promise<EngineStatus>;
  kill(): Promise<EngineStatus>;
  /** The last lines of the log, oldest first; also while nothing runs. */
  log(lines: number): Promise<EngineLog>;
  /** The last lines, then what comes, until the signal aborts; across restarts. */
  followLog(lines: number, signal: AbortSignal): AsyncIterable<LogBatch>;
  /** Looks who answers, now; wakes nobody. */
  look(signal: AbortSignal): Promise<EngineStatus>;
  /** After a sleep of the computer: looks at once whether it still answers. */
  checkNow(): void;
}

/** Told by whoever asks Ollama, so that the status can say what it does. */
export interface ActivityBoard {
  current(): EngineActivity[];
  onChange(listener: () => void): () => void;
  /** Shows `answering` until `end` is called; `loading` in between while the model is read. */
  begin(model: string): { loading(): void; answering(): void; end(): void };
}
