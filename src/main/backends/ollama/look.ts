// How Ollama is: looked at where it answers, woken where that is asked for.
import type { ModelInfo } from '../../../contract/backends.ts';
import type { Settings } from '../../../contract/settings.ts';
import { HearthError, toErrorInfo } from '../../errors/index.ts';
import { type ListedModel, OLLAMA_LABEL, type OllamaServer, type Place, type Places } from '../../ollama/index.ts';
import { answerLimitMs } from '../../waits/index.ts';
import { createDeadline } from '../waiting/deadline.ts';
import type { BackendHealth, LookDepth } from '../interface.ts';
import { chatModels } from './models.ts';

export interface LookOptions {
  places: Places;
  server: OllamaServer | null;
  timeouts: () => Settings['timeouts'];
  /** Of the backend: a start of our server belongs to nobody's look alone. */
  life: AbortSignal;
  /** The place that is meant now; null when there is none. */
  placeNow: () => Place | null;
  /** Of the model that an unnamed question gets. */
  describe: () => { url: string; host: string | null };
  onModels: (models: ModelInfo[], place: Place, listed: readonly ListedModel[]) => void;
}

/** What comes back never rejects: what is wrong is in the status. */
export function createLook(options: LookOptions): (signal: AbortSignal, depth: LookDepth) => Promise<BackendHealth> {
  const { places, server, timeouts, life, placeNow, describe, onModels } = options;

  /** Looks at one place. Rejects with why it does not answer. */
  async function look(place: Place, signal: AbortSignal): Promise<BackendHealth> {
    const limitMs = answerLimitMs(timeouts().connectMs);
    const deadline = createDeadline(signal);
    const late = { backend: OLLAMA_LABEL, host: place.host, seconds: limitMs / 1000 };
    deadline.set(limitMs, () => new HearthError('backend_no_answer', late));
    try {
      const startedMs = performance.now();
      const version = await places.look(place, deadline.signal);
      const latencyMs = performance.now() - startedMs;
      const listed = await place.client.list(deadline.signal);
      const models = chatModels(listed);
      onModels(models, place, listed);
      const problem =
        models.length === 0 ? new HearthError('no_model_installed', { backend: OLLAMA_LABEL }).toInfo() : null;
      return { ...status('ready'), host: place.host, isOwned: place.isOwned, version, latencyMs, models, problem };
    } finally {
      deadline.end();
    }
  }

  function status(state: BackendHealth['state'], error: unknown = null): BackendHealth {
    return {
      ...describe(),
      state,
      isOwned: state !== 'unavailable' && server?.state().state === 'ready' && placeNow()?.isOwned === true,
      version: null,
      latencyMs: null,
      models: [],
      problem: error === null ? null : toErrorInfo(error),
    };
  }

  /** What to tell when nobody answers, after starting our own server where that is asked for. */
  async function wake(error: HearthError, signal: AbortSignal, depth: LookDepth): Promise<BackendHealth> {
    if (error.code !== 'backend_unreachable' || !places.mayStart('question'))
      return status('unavailable', places.explain(error));
    if (depth === 'look' || !places.mayStart('check')) return statusOfSleeper();
    const place = await startWithin(signal);
    return place === null ? status('starting') : look(place, signal);
  }

  /** A server that does not run and that a question may start. */
  function statusOfSleeper(): BackendHealth {
    const child = server?.state();
    if (child?.state === 'starting' || child?.state === 'restarting') return status('starting');
    if (child?.state !== 'failed') return status('asleep');
    // One that never was ready is not tried again with every question, one that ended too often not before its time.
    const isRefused = child.problem.code !== 'ollama_gave_up' || server?.refusal() !== null;
    return isRefused ? status('unavailable', child.problem) : status('asleep');
  }

  /** Null when the signal aborts first: the start goes on, and whoever watches the server hears of its end. */
  async function startWithin(signal: AbortSignal): Promise<Place | null> {
    const started = places.start(life);
    let stopWaiting = (): void => {};
    const tooLate = new Promise<null>((resolve) => {
      stopWaiting = () => resolve(null);
      signal.addEventListener('abort', stopWaiting, { once: true });
    });
    try {
      return await Promise.race([started, tooLate]);
    } finally {
      signal.removeEventListener('abort', stopWaiting);
      started.catch(() => undefined);
    }
  }

  return async (signal, depth) => {
    try {
      return await look(places.now(), signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof HearthError)) return status('unavailable', error);
      return wake(error, signal, depth).catch((failed: unknown) => status('unavailable', failed));
    }
  };
}
