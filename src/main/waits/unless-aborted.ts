// Waiting that can be given up.
import { HearthError } from '../errors/index.ts';

/** As the promise settles, or rejects with `cancelled` as soon as the signal aborts; what was waited for goes on. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(new HearthError('cancelled'));
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
    // Also when it was given up before: a failure that nobody listens to would end the process.
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
