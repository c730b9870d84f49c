// Which Ollama answers: the one that is there, else one that Hearth starts as its own child.
import type { Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import type { OllamaServer } from '../../ollama/index.ts';
import type { ServerAddress } from '../address.ts';
import { createOllamaClient, type OllamaClient } from './client.ts';
import { OLLAMA_LABEL } from './failures.ts';

export interface Place {
  host: string;
  isOwned: boolean;
  client: OllamaClient;
}

export interface Places {
  /** `host:port` of the address, also while our server stands in for it: what the queue counts against stays the same. */
  laneHost(): string;
  /** Hearth's own server once it was needed and as long as it runs, else the address. Throws `backend_url_invalid`. */
  now(): Place;
  /** Whether a server of ours may stand in for one that does not answer: this computer, an Ollama to start, allowed. */
  mayStart(): boolean;
  /** Whether our server ran before: one that broke down is started again with the next question. */
  hasStarted(): boolean;
  /** Starts our server; from now on it is the place. Rejects with `ollama_not_installed` or `ollama_start_failed`. */
  start(signal: AbortSignal): Promise<Place>;
  /** Why nobody answers at the address, in the words that help most. */
  explain(error: HearthError): HearthError;
}

export interface PlaceOptions {
  /** Throws `backend_url_invalid`. */
  address: () => ServerAddress;
  /** Null where no server may ever be started. */
  server: OllamaServer | null;
  isStartAllowed: () => boolean;
  fetch: Fetch;
}

export function createPlaces({ address, server, isStartAllowed, fetch }: PlaceOptions): Places {
  /** The address that our child stands in for; another address in the settings is not meant. */
  let standsInFor: string | null = null;
  const clients = new Map<string, OllamaClient>();

  function place(origin: string, host: string, isOwned: boolean): Place {
    let client = clients.get(origin);
    if (!client) clients.set(origin, (client = createOllamaClient({ fetch, origin, host })));
    return { host, isOwned, client };
  }

  return {
    laneHost: () => address().host,
    now() {
      const { origin, host } = address();
      const child = server?.state();
      if (child?.state === 'ready' && standsInFor === origin) return place(`http://${child.host}`, child.host, true);
      return place(origin, host, false);
    },
    mayStart: () => server !== null && isStartAllowed() && address().isLoopback && server.find() !== null,
    hasStarted: () => standsInFor !== null,
    async start(signal) {
      if (server === null) throw new HearthError('ollama_not_installed');
      const { origin } = address();
      standsInFor = null;
      const { host } = await server.start(signal);
      standsInFor = origin;
      return place(`http://${host}`, host, true);
    },
    explain(error) {
      if (error.code !== 'backend_unreachable') return error;
      // Nobody named an address: then it is not the address that is wrong.
      const isNowhere = address().from === 'default' && (server === null || server.find() === null);
      if (isNowhere) return new HearthError('ollama_not_installed', {}, { cause: error });
      return new HearthError('backend_unreachable', { ...error.params, backend: OLLAMA_LABEL }, { cause: error });
    },
  };
}
