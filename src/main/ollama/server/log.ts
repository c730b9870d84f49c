// The log of all lives of the server: written, read from its end, followed.
import { setTimeout as sleep } from 'node:timers/promises';
import { LOG_LINES_MAX, type LogBatch } from '../../../contract/engine.ts';
import { text } from '../../words/index.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { readLastLines } from './log-reader.ts';

export interface ServerLog {
  readonly path: string;
  /** Begins a new file for a new life; the one before is kept. */
  begin(): LogFile;
  last(count: number): Promise<string[]>;
  /** The last lines, then what is written from then on, without a gap and nothing twice; ends when the signal aborts. */
  follow(count: number, signal: AbortSignal): AsyncIterable<LogBatch>;
}

/** Between two batches: a flood of lines must not become a flood of messages. */
const BATCH_GAP_MS = 100;

export function createServerLog(
  path: string,
  options: { maxBytes: number; onError: (error: unknown) => void },
): ServerLog {
  const listeners = new Set<(lines: readonly string[]) => void>();
  // Writing and reading take turns: a reader finds whole lines, and knows which come after.
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = turn.then(action);
    turn = done.catch(() => undefined);
    return done;
  }

  return {
    path,
    begin() {
      // In its turn as well: a reader between the two files would find lines twice.
      const opened = inTurn(async () => {
        const file = openLogFile(path, options);
        await file.write([]);
        return file;
      });
      return {
        write: (lines) =>
          inTurn(async () => {
            await (await opened).write(lines);
            for (const listener of listeners) listener(lines);
          }),
        close: () => inTurn(async () => (await opened).close()),
      };
    },
    last: (count) => inTurn(() => readLastLines(path, count)),
    async *follow(count, signal) {
      const waiting = createWaitingLines();
      signal.addEventListener('abort', waiting.wake, { once: true });
      try {
        const lines = await inTurn(async () => {
          const last = await readLastLines(path, count);
          listeners.add(waiting.take);
          return last;
        });
        yield { lines };
        while (!signal.aborted) {
          const next = await waiting.next(signal);
          if (next.length > 0) yield { lines: next };
          await sleep(BATCH_GAP_MS, undefined, { signal }).catch(() => undefined);
        }
      } finally {
        listeners.delete(waiting.take);
        signal.removeEventListener('abort', waiting.wake);
      }
    },
  };
}

interface WaitingLines {
  take: (lines: readonly string[]) => void;
  /** Ends a wait: the signal has aborted. */
  wake: () => void;
  /** Waits for lines; none when the signal aborts first. */
  next: (signal: AbortSignal) => Promise<string[]>;
}

/** Lines on their way to one reader. One that does not keep up gets the newest, and is told how many are missing. */
function createWaitingLines(): WaitingLines {
  let lines: string[] = [];
  let missing = 0;
  let wake = (): void => {};
  const take = (more: readonly string[]): void => {
    for (const line of more) lines.push(line);
    // In steps, so that a flood does not move the list with every line.
    if (lines.length > 2 * LOG_LINES_MAX) {
      missing += lines.length - LOG_LINES_MAX;
      lines = lines.slice(-LOG_LINES_MAX);
    }
    wake();
  };
  return {
    take,
    wake: (): void => wake(),
    async next(signal: AbortSignal): Promise<string[]> {
      if (lines.length === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const told = missing === 0 ? [] : [text('ollama:lines_missing', { lines: missing })];
      const taken = lines;
      lines = [];
      missing = 0;
      return [...told, ...taken];
    },
  };
}
