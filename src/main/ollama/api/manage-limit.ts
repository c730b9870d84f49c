// A limit on how long a request to Ollama may take, or may be silent.
import type { HearthError } from '../../errors/index.ts';

export interface Limit {
  ms: number;
  /** What to tell when it is over. */
  late: () => HearthError;
}

/**
 * Runs the call with a signal that aborts when the limit is over or the given signal aborts; `goOn` starts the limit anew.
 * Rejects with `late()`, the signal's reason, or what the call rejects with.
 */
export async function withLimit<T>(
  signal: AbortSignal,
  { ms, late }: Limit,
  call: (limited: AbortSignal, goOn: () => void) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const life = new AbortController();
  const stop = () => life.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => life.abort(late()), ms);
  try {
    return await call(life.signal, () => timer.refresh());
  } catch (error) {
    // Whatever broke because of the abort, the abort is the reason.
    life.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
