// Tells listeners of changes: the first at once, then a few times a second at most, never an older state last.

export interface Audience<T> {
  add(listener: (value: T) => void): () => void;
  size(): number;
  tell: () => void;
  stop(): void;
}

export function createAudience<T>(options: {
  current: () => T;
  everyMs: number;
  onError: (error: unknown) => void;
}): Audience<T> {
  const listeners = new Set<(value: T) => void>();
  let pause: NodeJS.Timeout | null = null;
  let isStale = false;
  let isStopped = false;

  function tellNow(): void {
    isStale = false;
    const value = options.current();
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (error) {
        options.onError(error);
      }
    }
    pause = setTimeout(() => {
      pause = null;
      if (isStale) tellNow();
    }, options.everyMs);
  }

  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    size: () => listeners.size,
    tell() {
      if (isStopped) return;
      if (pause === null) tellNow();
      else isStale = true;
    },
    stop() {
      isStopped = true;
      listeners.clear();
      if (pause !== null) clearTimeout(pause);
      pause = null;
    },
  };
}
