// Whether a model that does not answer yet is still being read from disk.
import { isSameModel, type LoadedModel } from '../../ollama/index.ts';

type Listed = Pick<LoadedModel, 'name' | 'expiresAt' | 'sizeBytes'>;

/**
 * `loading` until it is in memory, then `loaded`. `settling`: as far as can be told it is in memory, but the server does not
 * say so yet.
 */
export type LoadState = 'loading' | 'settling' | 'loaded';

export interface LoadingWatch {
  loaded: () => Promise<Listed[]>;
  model: string;
  /** Whether it is known to run under another name: then it is never listed under its own. */
  runsUnderAnotherName: boolean;
  /** Before the first look. */
  delayMs: number;
  /** Between two looks. */
  pollMs: number;
  /** Called after each look that the server answered; null while nothing can be told. */
  onLook: (state: LoadState | null) => void;
}

/** What a slow disk gives in a millisecond, and what a load takes beside that. */
const DISK_BYTES_PER_MS = 100_000;
const LOAD_START_MS = 2_000;
/** After so many looks at the same list nothing in it is being loaded. */
const STILL_LOOKS = 3;

/**
 * Looks after `delayMs`, then every `pollMs`, until the signal aborts. Told by time, not by name:
 *
 * A model that is listed is in memory when its time of unloading stands still. Ollama lists it from the beginning of its load
 * and makes that time up (now plus keep-alive) until the model has answered once; so a time that moves is a load for as long
 * as its size takes to read from a slow disk, and then the reading of the first prompt.
 *
 * One that is not listed is being loaded, unless others are and their list stands still: then it shares the runner of one of
 * them, under whose name alone it is listed (a model made from another), or waits for it.
 */
export async function watchLoading(watch: LoadingWatch, signal: AbortSignal): Promise<void> {
  const { loaded, delayMs, pollMs, onLook } = watch;
  const judge = createJudge(watch);
  if (delayMs > 0) await pause(delayMs, signal);
  while (!signal.aborted) {
    // A server that does not tell (a proxy, an old version) leaves the usual limit in force.
    const models = await loaded().catch(() => null);
    if (signal.aborted) return;
    if (models !== null) onLook(judge(models));
    await pause(pollMs, signal);
  }
}

function createJudge({ model, runsUnderAnotherName }: LoadingWatch): (models: Listed[]) => LoadState | null {
  const beganMs = performance.now();
  let before: string | null = null;
  let listBefore = '';
  let stillLooks = 0;
  return (models) => {
    const found = models.find((one) => isSameModel(one.name, model));
    if (found === undefined) {
      const list = models.map(({ name, expiresAt }) => `${name} ${expiresAt}`).join('\n');
      stillLooks = list === listBefore ? stillLooks + 1 : 1;
      listBefore = list;
      const isShared = models.length > 0 && (runsUnderAnotherName || stillLooks >= STILL_LOOKS);
      return isShared ? 'settling' : 'loading';
    }
    const hasMoved = before !== null && before !== found.expiresAt;
    const isFirst = before === null;
    before = found.expiresAt;
    if (isFirst) return null;
    if (!hasMoved) return 'loaded';
    const loadMs = LOAD_START_MS + (found.sizeBytes ?? 0) / DISK_BYTES_PER_MS;
    return performance.now() - beganMs > loadMs ? 'settling' : 'loading';
  };
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
