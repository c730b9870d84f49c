// Vectors of texts, by a model that is made for them.
import type { Settings } from '../../../contract/settings.ts';
import { HearthError } from '../../errors/index.ts';
import { modelOptions, OLLAMA_LABEL, type Place } from '../../ollama/index.ts';
import { createDeadline } from '../waiting/deadline.ts';
import { embeddingModel } from './models.ts';

export interface EmbedOptions {
  place: Place;
  texts: readonly string[];
  /** Null takes the newest embedding model there is. */
  model: string | null;
  timeouts: Settings['timeouts'];
  /** Of every request to a server on this computer. */
  engine: Pick<Settings['engine'], 'threads' | 'gpuLayers'>;
  signal: AbortSignal;
}

/**
 * One vector a text, in their order. The model may have to be loaded for it, so the limit is that of a load.
 * Rejects with a HearthError, `no_model_installed` where there is no model for it.
 */
export async function embed({ place, texts, model, timeouts, engine, signal }: EmbedOptions): Promise<Float32Array[]> {
  const { client } = place;
  const deadline = createDeadline(signal);
  const seconds = timeouts.loadMs / 1000;
  try {
    const used = model ?? embeddingModel(await client.list(deadline.signal));
    if (used === null) throw new HearthError('no_model_installed', { backend: OLLAMA_LABEL });
    const late = { backend: OLLAMA_LABEL, model: used, seconds };
    deadline.set(timeouts.loadMs, () => new HearthError('backend_load_timeout', late));
    const options = modelOptions(place, engine, null);
    return await client.embed({ model: used, input: texts, options }, deadline.signal);
  } catch (error) {
    if (signal.aborted) throw new HearthError('cancelled', {}, { cause: error });
    throw error;
  } finally {
    deadline.end();
  }
}
