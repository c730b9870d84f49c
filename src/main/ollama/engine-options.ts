// The settings of the engine that are no environment: options of every request that makes Ollama load a model.
import type { Settings } from '../../contract/settings.ts';

/**
 * `num_thread` and `num_gpu` for an Ollama on this computer; empty where the settings leave them to Ollama. Every request for
 * a model has to carry the same ones: Ollama loads a model anew when they differ.
 */
export function modelOptions({ threads, gpuLayers }: Pick<Settings['engine'], 'threads' | 'gpuLayers'>): {
  num_thread?: number;
  num_gpu?: number;
} {
  return {
    ...(threads === null ? {} : { num_thread: threads }),
    ...(gpuLayers === null ? {} : { num_gpu: gpuLayers }),
  };
}
