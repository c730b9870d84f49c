// One life of the child: spawned with its log, ready when it says so and answers, gone with everything it started.
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import type { ChildEnd } from './child.ts';
import { spawnDirect } from './direct-child.ts';
import { spawnGuarded } from './guarded-child.ts';
import { listeningPort } from './lines.ts';
import { openLogFile } from './log-file.ts';
import { untilItAnswers } from './ready.ts';
import { reasonOfEnd } from './reasons.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface Limits {
  /** From the spawn to the first answer. */
  startMs: number;
  /** From SIGTERM to SIGKILL, in whole seconds. A server without work needs 1.5 s. */
  stopGraceMs: number;
  /** Of each of the two log files. */
  logBytes: number;
}

export interface LifeOptions {
  program: string;
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  limits: Limits;
  logPath: string;
  onLogError: (error: unknown) => void;
}

export interface Life {
  /** Rejects with `ollama_start_failed`, or with `cancelled` when the signal aborts. To be called once. */
  ready(signal: AbortSignal): Promise<{ host: string; pid: number }>;
  /** Resolves when the server ended, on purpose or not, and its last words are in `lastLines`. */
  readonly ended: Promise<ChildEnd>;
  lastLines(): string[];
  /** Ends the server and what it started, and closes the log. Bounded; idempotent. */
  end(): Promise<void>;
}

/** Why each is set: docs/decisions/0004-ollama-child.md. */
const CHILD_ENV = { OLLAMA_HOST: '127.0.0.1:0', OLLAMA_NOPRUNE: '1', OLLAMA_NO_CLOUD: '1' };
const LAST_LINES = 20;

export function beginLife({ program, env, platform, limits, logPath, onLogError }: LifeOptions): Life {
  const log = openLogFile(logPath, { maxBytes: limits.logBytes, onError: onLogError });
  let lastLines: string[] = [];
  let port: number | null = null;
  let hearPort: (port: number) => void;
  const listening = new Promise<number>((resolve) => {
    hearPort = resolve;
  });
  const spawnChild = platform === 'win32' ? spawnDirect : spawnGuarded;
  const child = spawnChild({
    program,
    env: { ...env, ...CHILD_ENV },
    graceMs: limits.stopGraceMs,
    onLines(lines) {
      port ??= lines.map(listeningPort).find((found) => found !== null) ?? null;
      if (port !== null) hearPort(port);
      lastLines = [...lastLines, ...lines.slice(-LAST_LINES)].slice(-LAST_LINES);
      return log.write(lines);
    },
  });
  const failure = (reason: string): HearthError => new HearthError('ollama_start_failed', { reason, log: logPath });

  async function untilReady(signal: AbortSignal): Promise<{ host: string; pid: number }> {
    const found = await listening;
    await untilItAnswers(found, signal);
    const pid = await child.pid;
    if (pid === null) throw failure(reasonOfEnd(program, await child.ended, lastLines));
    return { host: `127.0.0.1:${found}`, pid };
  }

  return {
    ended: child.ended,
    lastLines: () => lastLines,
    async ready(signal) {
      // Ends the questions to the server, whichever way the wait ends.
      const asking = new AbortController();
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          const seconds = limits.startMs / 1000;
          const host = `127.0.0.1:${port}`;
          const key = port === null ? 'ollama:not_ready' : 'ollama:no_answer';
          reject(failure(text(key, { path: program, host, seconds })));
        }, limits.startMs);
      });
      const tooShort = child.ended.then((end) => {
        throw failure(reasonOfEnd(program, end, lastLines));
      });
      try {
        return await unlessAborted(Promise.race([untilReady(asking.signal), tooLate, tooShort]), signal);
      } finally {
        clearTimeout(timer);
        asking.abort();
      }
    },
    async end() {
      await child.end();
      await log.close();
    },
  };
}
