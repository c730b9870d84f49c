// A place where answers wait until a test lets them go, so that tests need no sleeps.

export interface Gate {
  /** Waits until the gate is opened; rejects when the signal aborts. */
  pass(signal: AbortSignal): Promise<void>;
  /** Lets everybody go who waits now and resolves `held` anew for those who come later. */
  open(): void;
  /** Resolves as soon as an answer waits here. */
  held(): Promise<void>;
}

export function createGate(): Gate {
  const waiting = new Set<() => void>();
  let watchers: (() => void)[] = [];
  return {
    pass(signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        const stop = () => {
          waiting.delete(go);
          reject(signal.reason as Error);
        };
        const go = () => {
          signal.removeEventListener('abort', stop);
          waiting.delete(go);
          resolve();
        };
        signal.addEventListener('abort', stop, { once: true });
        waiting.add(go);
        for (const tell of watchers) tell();
        watchers = [];
      });
    },
    open() {
      for (const go of waiting) go();
    },
    held() {
      if (waiting.size > 0) return Promise.resolve();
      return new Promise((resolve) => {
        watchers.push(resolve);
      });
    },
  };
}
