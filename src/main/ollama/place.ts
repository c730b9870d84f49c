// Which Ollama answers: the one that is there, else one that Hearth starts as its own child.
import { createFetch } from '../diagnostics/index.ts';
import { HearthError } from '../errors/index.ts';
import type { ServerAddress } from './address.ts';
import { createOllamaClient, type OllamaClient } from './api/client.ts';
import { OLLAMA_LABEL } from './api/failures.ts';
import type { OllamaServer } from './server/interface.ts';

export interface Place {
  /** Without a slash at the end. */
  origin: string;
  host: string;
  /** On this computer. */
  isLocal: boolean;
  /** Started by Hearth. */
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
  /**
   * A place that has just answered, after starting our server where that is needed and allowed. Rejects with why there is
   * none (`explain`ed), or the signal's reason.
   */
  open(signal: AbortSignal): Promise<Place>;
  /** Ends the connections that are kept open. */
  close(): void;
}

export interface PlaceOptions {
  /** Throws `backend_url_invalid`. */
  address: () => ServerAddress;
  /** Null where no server may ever be started. */
  server: OllamaServer | null;
  isStartAllowed: () => boolean;
  connectTimeoutMs: () => number;
}

const OURS = { isOwned: true, isLocal: true };

export function createPlaces({ address, server, isStartAllowed, connectTimeoutMs }: PlaceOptions): Places {
  const fetch = createFetch({
    purpose: 'ask Ollama',
    service: OLLAMA_LABEL,
    connectTimeoutMs,
    // Asking again costs the server some work and changes nothing there.
    isRepeatable: () => true,
  });
  /** The address that our child stands in for; another address in the settings is not meant. */
  let standsInFor: string | null = null;
  const clients = new Map<string, OllamaClient>();

  function place(origin: string, host: string, is: { isOwned: boolean; isLocal: boolean }): Place {
    let client = clients.get(origin);
    if (!client) clients.set(origin, (client = createOllamaClient({ fetch, origin, host })));
    return { origin, host, ...is, client };
  }

  const places: Places = {
    laneHost: () => address().host,
    now() {
      const { origin, host, isLoopback } = address();
      const child = server?.state();
      if (child?.state === 'ready' && standsInFor === origin) return place(`http://${child.host}`, child.host, OURS);
      return place(origin, host, { isOwned: false, isLocal: isLoopback });
    },
    mayStart: () => server !== null && isStartAllowed() && address().isLoopback && server.find() !== null,
    hasStarted: () => standsInFor !== null,
    async start(signal) {
      if (server === null) throw new HearthError('ollama_not_installed');
      const { origin } = address();
      standsInFor = null;
      const { host } = await server.start(signal);
      standsInFor = origin;
      return place(`http://${host}`, host, OURS);
    },
    explain(error) {
      if (error.code !== 'backend_unreachable') return error;
      // Nobody named an address: then it is not the address that is wrong.
      const isNowhere = address().from === 'default' && (server === null || server.find() === null);
      if (isNowhere) return new HearthError('ollama_not_installed', {}, { cause: error });
      return new HearthError('backend_unreachable', { ...error.params, backend: OLLAMA_LABEL }, { cause: error });
    },
    async open(signal) {
      const place = places.now();
      try {
        await place.client.version(signal);
        return place;
      } catch (error) {
        if (!(error instanceof HearthError) || error.code !== 'backend_unreachable') throw error;
        if (!places.mayStart()) throw places.explain(error);
        return places.start(signal);
      }
    },
    close: () => fetch.close(),
  };
  return places;
}
