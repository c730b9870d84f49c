// The backends that are reached by a URL, one maker a scheme.
import { createPlaces, OLLAMA_LABEL, parseAddress } from '../../ollama/index.ts';
import type { Settings } from '../../../contract/settings.ts';
import { HearthError } from '../../errors/index.ts';
import type { ContextPlans } from '../../models/index.ts';
import type { Backend, RemoteOptions } from '../interface.ts';
import { createOllamaBackend } from '../ollama/index.ts';
import { createOpenAiBackend } from '../openai/index.ts';
import { createQueryBackend } from '../query/index.ts';
import { UNLISTED } from '../registry.ts';
import type { BackendUrl } from '../url/url.ts';

/**
 * @param engine of every question to a server on this computer
 * @param plans how much context models of such a server get; null leaves it to the server
 */
export function createRemoteBackend(
  url: BackendUrl,
  options: RemoteOptions,
  engine: () => Pick<Settings['engine'], 'threads' | 'gpuLayers'>,
  plans: ContextPlans | null = null,
): Backend {
  const { id, label, timeouts } = options;
  switch (url.scheme) {
    case 'http':
    case 'https':
      return createOpenAiBackend(url, options);
    case 'query+http':
    case 'query+https':
      return createQueryBackend(url, options);
    case 'ollama': {
      if (url.host === null) break;
      // Nothing is ever started for a server that was named.
      const address = { ...parseAddress(url.host), from: 'settings' as const };
      const places = createPlaces({
        address: () => address,
        server: null,
        isStartAllowed: () => false,
        connectTimeoutMs: () => timeouts().connectMs,
      });
      return createOllamaBackend({
        id,
        label: id === UNLISTED ? OLLAMA_LABEL : label,
        places,
        server: null,
        preferredModel: () => url.model,
        timeouts,
        engine,
        plans,
        board: null,
      });
    }
    case 'local':
    case 'llamacpp':
    case 'mlx':
    case 'demo':
      break;
    default:
      return url satisfies never;
  }
  throw new HearthError('internal', {}, { detail: `${url.scheme}:// is not reached over the network` });
}
