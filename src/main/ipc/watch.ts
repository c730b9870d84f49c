// A value that changes, as an async iterator that a caller can cancel.

interface WatchOptions<T> {
  /** Sent first; leave it out when only changes matter. */
  current?: () => T;
  onChange: (listener: (value: T) => void) => () => void;
  signal: AbortSignal | undefined;
}

/** Yields the current value, then the newest one after each change: a slow reader skips what it missed. */
export function watchLatest<T>({ current, onChange, signal }: WatchOptions<T>): AsyncGenerator<T, void> {
  return watchQueue({ current, onChange, signal }, (_waiting, value) => [value]);
}

/** Yields the current value, then every single change in order. */
export function watchEach<T>({ current, onChange, signal }: WatchOptions<T>): AsyncGenerator<T, void> {
  return watchQueue({ current, onChange, signal }, (waiting, value) => [...waiting, value]);
}

async function* watchQueue<T>(
  { current, onChange, signal }: WatchOptions<T>,
  add: (waiting: T[], value: T) => T[],
): AsyncGenerator<T, void> {
  let waiting: T[] = current ? [current()] : [];
  let wake: () => void = () => {};
  const unsubscribe = onChange((value) => {
    waiting = add(waiting, value);
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    while (!signal?.aborted) {
      const values = waiting;
      waiting = [];
      yield* values;
      if (waiting.length > 0 || signal?.aborted) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', onAbort);
  }
}
