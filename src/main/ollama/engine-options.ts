// The settings of the engine that are no environment: options of every request that makes Ollama load a model.
import type { Settings } from '../../contract/settings.ts';
import type { Place } from './place.ts';

/**
 * `num_thread`, `num_gpu` and `num_ctx` for an Ollama on this computer; empty where they are left to Ollama, and for any
 * elsewhere. Every request for a model has to carry the same ones: Ollama loads a model anew when they differ.
 * @param contextTokens null leaves it to Ollama, as for models that make vectors
 */
export function modelOptions(
  place: Pick<Place, 'isLocal' | 'threads'>,
  { threads: chosen, gpuLayers }: Pick<Settings['engine'], 'threads' | 'gpuLayers'>,
  contextTokens: number | null,
): { num_thread?: number; num_gpu?: number; num_ctx?: number } {
  if (!place.isLocal) return {};
  const threads = chosen ?? place.threads;
  return {
    ...(contextTokens === null ? {} : { num_ctx: contextTokens }),
    ...(threads === null ? {} : { num_thread: threads }),
    ...(gpuLayers === null ? {} : { num_gpu: gpuLayers }),
  };
}
