// The way to the Ollama whose models are managed, and its errors in the words of the library.
import type { InstalledModel } from '../../../contract/models.ts';
import { createFetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { createOllamaManager, OLLAMA_LABEL, type OllamaManager, type Place, type Places } from '../../ollama/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { text } from '../../words/index.ts';

export interface Access {
  /** Where Ollama answers, started when it has to be: somebody asked for something that needs it. */
  open: (signal: AbortSignal) => Promise<{ place: Place; manager: OllamaManager }>;
  managerOf: (place: Place) => OllamaManager;
  close(): void;
}

export function createAccess({ places, settings }: { places: Places; settings: SettingsStore }): Access {
  const fetch = createFetch({
    purpose: 'manage the models of Ollama',
    service: OLLAMA_LABEL,
    connectTimeoutMs: () => settings.get().timeouts.connectMs,
    // Asking again changes nothing that the first time did not.
    isRepeatable: () => true,
  });
  const managerOf = ({ origin, host }: Place) =>
    createOllamaManager({ fetch, origin, host, silenceMs: settings.get().timeouts.silenceMs });
  return {
    managerOf,
    async open(signal) {
      const place = await places.open(signal);
      return { place, manager: managerOf(place) };
    },
    close: () => fetch.close(),
  };
}

export function notFound(model: string, installed: readonly InstalledModel[] | null, cause?: unknown): HearthError {
  const names = (installed ?? []).map(({ name }) => name).join(', ');
  const params = { backend: OLLAMA_LABEL, model, installed: names === '' ? text('ollama:library.none') : names };
  return new HearthError('model_not_found', params, { cause });
}

/** Ollama says that a model is not there, but not which are. */
export function withNames(error: unknown, installed: readonly InstalledModel[] | null): unknown {
  if (!(error instanceof HearthError) || error.code !== 'model_not_found') return error;
  return notFound(String(error.params.model), installed, error);
}
