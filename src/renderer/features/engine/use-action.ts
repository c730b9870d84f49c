// Something main is asked to do by a press: at work for a while, or refused with a sentence.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { asErrorInfo } from '../../lib/index.ts';

export interface Action {
  isBusy: boolean;
  /** Why the last one failed. */
  failure: ErrorInfo | null;
  /** Begins one; a press while one runs does nothing. */
  run: (work: () => Promise<unknown>) => void;
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ErrorInfo | null>(null);
  const isRunning = useRef(false);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const run = useCallback((work: () => Promise<unknown>) => {
    if (isRunning.current) return;
    isRunning.current = true;
    setBusy(true);
    setFailure(null);
    const go = async () => {
      const problem = await work().then(
        () => null,
        (error: unknown) => asErrorInfo(error),
      );
      isRunning.current = false;
      if (!isHere.current) return;
      setBusy(false);
      setFailure(problem);
    };
    void go();
  }, []);
  return { isBusy, failure, run };
}
