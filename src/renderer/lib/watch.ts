// Following a stream of main for as long as a screen lives, also over a port that dies and comes back.
import { pause } from './pause.ts';

const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 5_000;

/** Aborts when somebody wants those that wait to be asked for now. */
let impatience = new AbortController();

/** Asks at once for every stream that ended and waits to be asked for again. */
export function watchAgain(): void {
  impatience.abort();
  impatience = new AbortController();
}

export interface WatchOptions {
  signal: AbortSignal;
  /** Called each time the stream is open, before its first value: what was known before may have gaps. */
  onOpen?: () => void;
  /** Called when the stream ends with an error; it is asked for again by itself. */
  onError?: (error: unknown) => void;
}

/**
 * Calls `onValue` for everything a stream says, and asks for the stream again when it ends, with growing pauses of at most
 * 5 s, until the signal aborts. Resolves then; never rejects.
 *
 * @param open asks for the stream, for example `(options) => getClient().app.watch(undefined, options)`
 */
export async function watch<Value>(
  open: (options: { signal: AbortSignal }) => Promise<AsyncIterable<Value>>,
  onValue: (value: Value) => void,
  { signal, onOpen, onError }: WatchOptions,
): Promise<void> {
  let pauseMs = RETRY_MIN_MS;
  while (!signal.aborted) {
    try {
      const values = await open({ signal });
      onOpen?.();
      for await (const value of values) {
        if (signal.aborted) return;
        pauseMs = RETRY_MIN_MS;
        onValue(value);
      }
    } catch (error) {
      // An abort surfaces as whatever the layer below makes of it; nobody waits for it any more.
      if (signal.aborted) return;
      onError?.(error);
    }
    await pause(pauseMs, AbortSignal.any([signal, impatience.signal]));
    pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS);
  }
}
