// The settings of the engine that are no environment: options of every request that makes Ollama load a model.
import type { Settings } from '../../contract/settings.ts';

/**
 * `num_thread`, `num_gpu` and `num_ctx` for an Ollama on this computer; empty where they are left to Ollama. Every request
 * for a model has to carry the same ones: Ollama loads a model anew when they differ.
 * @param contextTokens null leaves it to Ollama, as for models that make vectors
 */
export function modelOptions(
  { threads, gpuLayers }: Pick<Settings['engine'], 'threads' | 'gpuLayers'>,
  contextTokens: number | null,
): { num_thread?: number; num_gpu?: number; num_ctx?: number } {
  return {
    ...(contextTokens === null ? {} : { num_ctx: contextTokens }),
    ...(threads === null ? {} : { num_thread: threads }),
    ...(gpuLayers === null ? {} : { num_gpu: gpuLayers }),
  };
}
