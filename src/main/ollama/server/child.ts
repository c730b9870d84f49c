// One running server of ours, whatever the system: its output, its end, and how to end it.
import type { ChildProcess } from 'node:child_process';

/** `problem` is the system's word for why nothing was started. */
export type ChildEnd = { code: number } | { signal: string } | { problem: string };

export interface OllamaChild {
  /** The process group of the server and all it starts; null where there are none (Windows), and when it never ran. */
  readonly group: number | null;
  /** Of the server itself, not of what stands between; null when it never ran. */
  readonly pid: Promise<number | null>;
  /** Resolves when the server and everything it started are gone and all output was delivered. */
  readonly ended: Promise<ChildEnd>;
  /** Asks it to end, then makes it. Idempotent; resolves with `ended`, bounded by the grace and a few seconds. */
  end(): Promise<void>;
  /** Ends it and everything it started at once, without asking. Resolves with `ended`. */
  kill(): Promise<void>;
}

export interface ChildOptions {
  program: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Between SIGTERM and SIGKILL. */
  graceMs: number;
  /** Gets every line of both outputs; while its promise is pending no more is read. */
  onLines: (lines: string[]) => Promise<void>;
}

/** The child that the system refused to start; tells why. */
export function notSpawned(attempt: ChildProcess): OllamaChild {
  const ended = new Promise<ChildEnd>((resolve) => {
    attempt.once('error', (error: NodeJS.ErrnoException) => resolve({ problem: error.code ?? error.message }));
  });
  const end = () => ended.then(() => undefined);
  return { group: null, pid: Promise.resolve(null), ended, end, kill: end };
}
