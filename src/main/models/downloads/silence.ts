// Ends a wait when nothing new has come for too long.

export interface SilenceWatch {
  /** Aborts with the outer signal, or with the error of the silence. */
  readonly signal: AbortSignal;
  /** From now on silence may last this long; the error says what it means. */
  allow(limitMs: number, error: () => Error): void;
  /** Something new has come. */
  heard(): void;
  end(): void;
}

export function watchSilence(outer: AbortSignal): SilenceWatch {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let limit: { ms: number; error: () => Error } | null = null;
  const stop = () => controller.abort(outer.reason);
  if (outer.aborted) stop();
  else outer.addEventListener('abort', stop, { once: true });
  const heard = () => {
    clearTimeout(timer);
    if (limit === null) return;
    const { ms, error } = limit;
    timer = setTimeout(() => controller.abort(error()), ms);
  };
  return {
    signal: controller.signal,
    allow(ms, error) {
      limit = { ms, error };
      heard();
    },
    heard,
    end() {
      limit = null;
      clearTimeout(timer);
      outer.removeEventListener('abort', stop);
    },
  };
}
