// One life of the child: spawned with its log, ready when it says so and answers, gone with everything it started.
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import { unlessAborted } from '../../waits/index.ts';
import type { ChildEnd } from './child.ts';
import { listening } from './lines.ts';
import type { ServerLog } from './log.ts';
import { untilItAnswers } from './ready.ts';
import { reasonOfEnd } from './reasons.ts';
import { beginChild } from './supervised-child.ts';

export interface LifeOptions {
  program: string;
  /** All of it: see `serverEnvironment`. */
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** From the spawn to the first answer. */
  startMs: number;
  /** From SIGTERM to SIGKILL, in whole seconds. A server without work needs 1.5 s. */
  stopGraceMs: number;
  log: ServerLog;
  pidPath: string;
  /** Told when the pid file can't be written. */
  onFileError: (error: unknown) => void;
}

export interface ReadyServer {
  /** `127.0.0.1:port`, also where it listens on every interface. */
  host: string;
  pid: number;
  version: string;
}

export interface Life {
  /** Rejects with `ollama_start_failed`, or with `cancelled` when the signal aborts. To be called once. */
  ready(signal: AbortSignal): Promise<ReadyServer>;
  /** Resolves when the server ended, on purpose or not, and its last words are in `lastLines`. */
  readonly ended: Promise<ChildEnd>;
  lastLines(): string[];
  /** Ends the server and what it started, and closes the log. Bounded; idempotent. */
  end(): Promise<void>;
  /** The same without asking first. */
  kill(): Promise<void>;
}

const LAST_LINES = 20;

export function beginLife(options: LifeOptions): Life {
  const { program, platform, startMs, stopGraceMs, pidPath, onFileError } = options;
  const log = options.log.begin();
  let lastLines: string[] = [];
  let heard: { port: number; version: string } | null = null;
  let hear: (address: { port: number; version: string }) => void;
  const isListening = new Promise<{ port: number; version: string }>((resolve) => {
    hear = resolve;
  });
  const child = beginChild({
    program,
    args: ['serve'],
    env: options.env,
    graceMs: stopGraceMs,
    platform,
    pidPath,
    onFileError,
    onLines(lines) {
      heard ??= lines.map(listening).find((found) => found !== null) ?? null;
      if (heard !== null) hear(heard);
      lastLines = [...lastLines, ...lines.slice(-LAST_LINES)].slice(-LAST_LINES);
      return log.write(lines);
    },
  });
  const failure = (reason: string): HearthError =>
    new HearthError('ollama_start_failed', { reason, log: options.log.path });

  async function untilReady(signal: AbortSignal): Promise<ReadyServer> {
    const { port, version } = await isListening;
    await untilItAnswers(port, signal);
    const pid = await child.pid;
    if (pid === null) throw failure(reasonOfEnd(program, await child.ended, lastLines));
    return { host: `127.0.0.1:${port}`, pid, version };
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
          const host = `127.0.0.1:${heard?.port}`;
          const key = heard === null ? 'ollama:not_ready' : 'ollama:no_answer';
          reject(failure(text(key, { path: program, host, seconds: startMs / 1000 })));
        }, startMs);
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
    async kill() {
      await child.kill();
      await log.close();
    },
  };
}
