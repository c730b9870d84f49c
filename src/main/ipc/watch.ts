// A value that changes, as an async iterator that a caller can cancel.

interface WatchOptions<T> {
  /** Sent first; leave it out when only changes matter. */
  current?: () => T;
  source: { onChange(listener: (value: T) => void): () => void };
  signal: AbortSignal | undefined;
}

/** Yields the current value, then the newest one after each change: a slow reader skips what it missed. */
export function watchLatest<T>({ current, source, signal }: WatchOptions<T>): AsyncGenerator<T, void> {
  return watchQueue({ current, source, signal }, (_waiting, value) => [value]);
}

/** Yields the current value, then every single change in order. */
export function watchEach<T>({ current, source, signal }: WatchOptions<T>): AsyncGenerator<T, void> {
  return watchQueue({ current, source, signal }, (waiting, value) => [...waiting, value]);
}

async function* watchQueue<T>(
  { current, source, signal }: WatchOptions<T>,
  add: (waiting: T[], value: T) => T[],
): AsyncGenerator<T, void> {
  let waiting: T[] = current ? [current()] : [];
  let wake: () => void = () => {};
  const unsubscribe = source.onChange((value) => {
    waiting = add(waiting, value);
    wake();
  });
  const onAbort = () => wake();
  signal?.addEventListener('abort', onAbort);
  try {
    for (;;) {
      if (signal?.aborted) return;
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
