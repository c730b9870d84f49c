// A stream that a test speaks into, as a fake of what main sends.

export interface TestStream<Value> {
  /** Says a value to everybody who listens. */
  say(value: Value): void;
  /** Ends it for everybody who listens; who asks again listens anew. */
  end(error?: Error): void;
  /** How many listen now. */
  listeners(): number;
  /** Listens until the signal aborts; first comes `first()`, where the stream has a present value. */
  open(options?: { signal?: AbortSignal | undefined }): Promise<AsyncIterable<Value>>;
}

export function testStream<Value>(first?: () => Value): TestStream<Value> {
  interface Listener {
    values: Value[];
    over: { error?: Error | undefined } | null;
    wake: () => void;
  }
  const all = new Set<Listener>();

  async function* listen(listener: Listener, signal?: AbortSignal): AsyncGenerator<Value> {
    const abort = () => {
      listener.over = {};
      listener.wake();
    };
    signal?.addEventListener('abort', abort);
    try {
      for (;;) {
        while (listener.values.length > 0) yield listener.values.shift() as Value;
        if (listener.over?.error) throw listener.over.error;
        if (listener.over || signal?.aborted) return;
        await new Promise<void>((resolve) => (listener.wake = resolve));
      }
    } finally {
      signal?.removeEventListener('abort', abort);
      all.delete(listener);
    }
  }

  return {
    say(value) {
      for (const listener of all) {
        listener.values.push(value);
        listener.wake();
      }
    },
    end(error) {
      for (const listener of all) {
        listener.over = { error };
        listener.wake();
      }
    },
    listeners: () => all.size,
    open(options) {
      const listener: Listener = { values: first ? [first()] : [], over: null, wake: () => undefined };
      all.add(listener);
      return Promise.resolve(listen(listener, options?.signal));
    },
  };
}
