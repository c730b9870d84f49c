// News for those who listen: what a fake main tells its windows.

/** Values pushed to everybody who listens. */
export function createTopic<Value>() {
  const listeners = new Set<{ waiting: Value[]; wake: () => void; error: Error | null }>();
  return {
    push(value: Value) {
      for (const listener of listeners) {
        listener.waiting.push(value);
        listener.wake();
      }
    },
    fail(error: Error) {
      for (const listener of listeners) {
        listener.error = error;
        listener.wake();
      }
    },
    async *listen(signal: AbortSignal, first: Value[] = []): AsyncGenerator<Value> {
      const listener = { waiting: [...first], wake: () => undefined as void, error: null as Error | null };
      listeners.add(listener);
      const onAbort = () => listener.wake();
      signal.addEventListener('abort', onAbort);
      try {
        while (!signal.aborted) {
          const value = listener.waiting.shift();
          if (value !== undefined) yield value;
          else if (listener.error) throw listener.error;
          else await new Promise<void>((resolve) => (listener.wake = resolve));
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
        listeners.delete(listener);
      }
    },
  };
}
