// One after the other: who asks the engine waits until the answer before is over.
import { HearthError } from '../../errors/index.ts';

export interface Turns {
  /** Resolves when it is the caller's turn, with how to give it back. Rejects with `cancelled` when the signal aborts first. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  return {
    async take(signal) {
      const before = last;
      let giveBack = (): void => {};
      last = new Promise((resolve) => {
        giveBack = resolve;
      });
      try {
        await orCancelled(before, signal);
      } catch (error) {
        // Whoever comes next still waits for the one before us.
        void before.then(giveBack);
        throw error;
      }
      return giveBack;
    },
  };
}

/** The promise's outcome, or `cancelled` as soon as the signal aborts; the promise itself goes on. */
export function orCancelled<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new HearthError('cancelled'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}
