// Whether a model that does not answer yet is still being read from disk.
import { isSameModel, type LoadedModel } from '../../ollama/index.ts';

export interface LoadingWatch {
  loaded: () => Promise<Pick<LoadedModel, 'name' | 'expiresAt'>[]>;
  model: string;
  /** Before the first look. */
  delayMs: number;
  /** Between two looks. */
  pollMs: number;
  /** Called when the state becomes known and at every change. */
  onState: (state: 'loading' | 'loaded') => void;
}

/**
 * Looks after `delayMs`, then every `pollMs`, until the signal aborts. A model that is not listed is being loaded. One that is
 * listed may be, too: Ollama lists it from the beginning of its load. But it makes up the time of unloading (now plus
 * keep-alive) until the model has answered once: a time that moves between two looks tells a load (or the first answer after
 * it, which takes the longer limit as well) from a model that is ready.
 */
export async function watchLoading(
  { loaded, model, delayMs, pollMs, onState }: LoadingWatch,
  signal: AbortSignal,
): Promise<void> {
  let before: string | null = null;
  let state: 'loading' | 'loaded' | null = null;
  const tell = (next: 'loading' | 'loaded') => {
    if (next !== state) onState((state = next));
  };
  if (delayMs > 0) await pause(delayMs, signal);
  while (!signal.aborted) {
    const found = await loaded().then(
      (models) => models.find((one) => isSameModel(one.name, model)) ?? null,
      // A server that does not tell (a proxy, an old version) leaves the usual limit in force.
      () => undefined,
    );
    if (signal.aborted) return;
    if (found === null) tell('loading');
    else if (found !== undefined) {
      const isMoving = before !== null && before !== found.expiresAt;
      if (isMoving) tell('loading');
      else if (before !== null || state === null) tell('loaded');
      before = found.expiresAt;
    }
    await pause(pollMs, signal);
  }
}

/** Ends early when the signal aborts. Node's own makes an error with its stack for that, just as the first word arrives. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
