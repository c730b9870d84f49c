// Following the engine's log for as long as its view lives.
import { useEffect, useState } from 'react';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { asErrorInfo, getClient, watch } from '../../lib/index.ts';
import { LogLines } from './log-lines.ts';

export interface Log {
  lines: LogLines;
  /** Whether its last lines have arrived. */
  isRead: boolean;
  /** Why it can't be read; it is asked for again by itself. */
  problem: ErrorInfo | null;
}

/** @param count how many of its last lines to begin with; another number reads it anew */
export function useLog(count: number): Log {
  const [lines] = useState(() => new LogLines());
  const [isRead, setRead] = useState(false);
  const [problem, setProblem] = useState<ErrorInfo | null>(null);
  useEffect(() => {
    const life = new AbortController();
    let isFirst = true;
    void watch(
      (options) => getClient().engine.followLog({ lines: count }, options),
      (batch) => {
        if (isFirst) lines.replace(batch.lines);
        else lines.append(batch.lines);
        isFirst = false;
        setRead(true);
        setProblem(null);
      },
      {
        signal: life.signal,
        onOpen: () => {
          isFirst = true;
        },
        onError: (error) => setProblem(asErrorInfo(error)),
      },
    );
    return () => life.abort();
  }, [count, lines]);
  return { lines, isRead, problem };
}
