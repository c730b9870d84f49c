// Which Ollama answers: the one that is there, else one that Hearth starts as its own child.
import { createFetch } from '../diagnostics/index.ts';
import { HearthError, toErrorInfo } from '../errors/index.ts';
import type { ServerAddress } from './address.ts';
import { createOllamaClient, type OllamaClient } from './api/client.ts';
import { OLLAMA_LABEL } from './api/failures.ts';
import { withLimit } from './api/manage-limit.ts';
import { answerLimitMs } from '../waits/index.ts';
import type { OllamaServer } from './server/interface.ts';

export interface Place {
  /** Without a slash at the end. */
  origin: string;
  host: string;
  /** On this computer. */
  isLocal: boolean;
  /** Started by Hearth. */
  isOwned: boolean;
  /** How many threads compute there where the settings name no number; null leaves it to Ollama. */
  threads: number | null;
  client: OllamaClient;
}

/** An Ollama that has answered. */
export interface Sight {
  origin: string;
  host: string;
  /** Null where it does not tell. */
  version: string | null;
}

/** Who wants a server: a look around by itself, or a person who asks something. */
export type Asker = 'check' | 'question';

export interface Places {
  /** `host:port` of the address, also while our server stands in for it: what the queue counts against stays the same. */
  laneHost(): string;
  /**
   * Hearth's own server as long as it runs and is meant, else the address. Throws `backend_url_invalid`, and
   * `backend_unreachable` where only our own server is meant and it does not run.
   */
  now(): Place;
  /**
   * Whether a server of ours may be started for one that does not answer: this computer, an Ollama to start, allowed. One
   * that the user has stopped is not started by a check.
   */
  mayStart(asker: Asker): boolean;
  /**
   * Starts our server; from now on it is the place, and no longer held. A restart in between is waited for. Rejects with
   * `ollama_not_installed`, `ollama_start_failed` or `ollama_gave_up`, and with `cancelled` when a person stops it.
   */
  start(signal: AbortSignal): Promise<Place>;
  /** The user has stopped our server: until `start` or `release` nothing but a question wakes it. */
  hold(): void;
  release(): void;
  isHeld(): boolean;
  /** Whether no server but our own is ever asked. */
  isOwnOnly(): boolean;
  /** The folder of models of our own server while it runs; null when it does not, or uses Ollama's own. */
  ownModelsFolder(): string | null;
  /** Why nobody answers at the address, in the words that help most. */
  explain(error: HearthError): HearthError;
  /**
   * A place that has just answered, after starting our server where that is needed and allowed. Rejects with why there is
   * none (`explain`ed; `ollama_held` when the user has stopped it), or the signal's reason.
   */
  open(signal: AbortSignal): Promise<Place>;
  /** Asks a place for its version, and notes whether it answered. */
  look(place: Place, signal: AbortSignal): Promise<string | null>;
  /** What answered at the last look; null when nobody did. */
  seen(): Sight | null;
  /** Whether the Ollama that is meant has answered since Hearth began. */
  hasBeenSeen(): boolean;
  /** Told when another one answers than before, or none any more. */
  onSight(listener: (sight: Sight | null) => void): () => void;
  /** Ends the connections that are kept open; what waits for a start does not begin another one. */
  close(): void;
}

export interface PlaceOptions {
  /** Throws `backend_url_invalid`. */
  address: () => ServerAddress;
  /** Null where no server may ever be started. */
  server: OllamaServer | null;
  isStartAllowed: () => boolean;
  /** Whether only our own server is meant, whatever else answers on this computer; then the address does not count. */
  isOwnOnly?: () => boolean;
  connectTimeoutMs: () => number;
  /** How many threads our own server computes with. By default Ollama chooses. */
  ownThreads?: () => number;
}

const OURS = { isOwned: true, isLocal: true };
/** Of our own server while it does not run and its port is not known. */
const OWN_HOST = '127.0.0.1';

export function createPlaces(options: PlaceOptions): Places {
  const { address, server, isStartAllowed, connectTimeoutMs } = options;
  const isOwnOnly = () => server !== null && options.isOwnOnly?.() === true;
  const fetch = createFetch({
    purpose: 'ask Ollama',
    service: OLLAMA_LABEL,
    connectTimeoutMs,
    // Asking again costs the server some work and changes nothing there.
    isRepeatable: () => true,
  });
  /** The address that our child stands in for; another address in the settings is not meant. */
  let standsInFor: string | null = null;
  let isHeld = false;
  let isClosed = false;
  let sight: Sight | null = null;
  /** Those that have answered since Hearth began: one that is away now is no Ollama that never was. */
  const met = new Set<string>();
  const clients = new Map<string, OllamaClient>();
  const listeners = new Set<(sight: Sight | null) => void>();

  function place(origin: string, host: string, is: { isOwned: boolean; isLocal: boolean }): Place {
    const threads = is.isOwned ? (options.ownThreads?.() ?? null) : null;
    let client = clients.get(origin);
    if (!client) clients.set(origin, (client = createOllamaClient({ fetch, origin, host })));
    return { origin, host, ...is, threads, client };
  }

  function note(seen: Sight | null): void {
    if (JSON.stringify(seen) === JSON.stringify(sight)) return;
    sight = seen;
    if (seen !== null) met.add(seen.origin);
    for (const listener of listeners) listener(seen);
  }

  /** Where our server answered last. At a set port that is an address like any other once it has ended. */
  let ownOrigin: string | null = null;
  const stopListening = server?.onChange((child) => {
    if (child.state === 'ready') ownOrigin = `http://${child.host}`;
    else if (sight?.origin === ownOrigin) sight = null;
  });

  const hasMet = () => !isOwnOnly() && met.has(address().origin) && address().origin !== ownOrigin;

  /** What our server stands in for; where only it is meant, that is nobody. */
  const meant = () => (isOwnOnly() ? OWN_HOST : address().origin);

  const places: Places = {
    laneHost: () => (isOwnOnly() ? OWN_HOST : address().host),
    now() {
      const child = server?.state();
      if (child?.state === 'ready' && standsInFor === meant()) return place(`http://${child.host}`, child.host, OURS);
      if (isOwnOnly()) throw new HearthError('backend_unreachable', { backend: OLLAMA_LABEL, host: OWN_HOST });
      const { origin, host, isLoopback } = address();
      return place(origin, host, { isOwned: false, isLocal: isLoopback });
    },
    mayStart: (asker) =>
      server !== null &&
      !(isHeld && asker === 'check') &&
      isStartAllowed() &&
      (isOwnOnly() || address().isLoopback) &&
      server.find() !== null,
    async start(signal) {
      if (server === null) throw new HearthError('ollama_not_installed');
      // Also when the start fails: a server that is started again by itself is meant just the same.
      standsInFor = meant();
      isHeld = false;
      for (;;) {
        try {
          const { host } = await server.start(signal);
          return place(`http://${host}`, host, OURS);
        } catch (error) {
          // Ended by a restart or a change of the settings, not by a person or whoever waits: it is wanted all the same.
          if (!isCancelled(error) || signal.aborted || isHeld || isClosed) throw error;
        }
      }
    },
    hold() {
      isHeld = true;
    },
    release() {
      isHeld = false;
    },
    isHeld: () => isHeld,
    isOwnOnly,
    ownModelsFolder() {
      const child = server?.state();
      return child?.state === 'ready' ? child.modelsFolder : null;
    },
    explain(error) {
      if (error.code !== 'backend_unreachable') return error;
      // Nobody named an address: then it is not the address that is wrong.
      const isNowhere = (isOwnOnly() || address().from === 'default') && (server === null || server.find() === null);
      if (isNowhere && !hasMet()) return new HearthError('ollama_not_installed', {}, { cause: error });
      return new HearthError('backend_unreachable', { ...error.params, backend: OLLAMA_LABEL }, { cause: error });
    },
    async open(signal) {
      try {
        const now = places.now();
        const ms = answerLimitMs(connectTimeoutMs());
        const late = () => new HearthError('backend_no_answer', { host: now.host, seconds: ms / 1_000 });
        await withLimit(signal, { ms, late }, (limited) => places.look(now, limited));
        return now;
      } catch (error) {
        if (!(error instanceof HearthError) || error.code !== 'backend_unreachable') throw error;
        if (places.mayStart('check')) return places.start(signal);
        if (isHeld && places.mayStart('question')) throw new HearthError('ollama_held', {}, { cause: error });
        throw places.explain(error);
      }
    },
    async look({ client, origin, host }, signal) {
      try {
        const version = await client.version(signal);
        note({ origin, host, version });
        return version;
      } catch (error) {
        if (sight?.origin === origin && !isCancelled(error)) note(null);
        throw error;
      }
    },
    seen: () => sight,
    hasBeenSeen: hasMet,
    onSight(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      isClosed = true;
      stopListening?.();
      fetch.close();
    },
  };
  return places;
}

function isCancelled(error: unknown): boolean {
  return toErrorInfo(error).code === 'cancelled';
}
