// One HTTP request over node:http: kept-alive connections, a limit on connecting only, an abort at every stage.
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { HearthError } from '../errors/index.ts';
import { type ByteSource, byteSource, type RequestBody } from './network-body.ts';
import { unpacked } from './network-unpack.ts';

export interface Call {
  url: URL;
  method: string;
  headers: http.OutgoingHttpHeaders;
  body: RequestBody;
  signal: AbortSignal | null;
}

export interface Answer {
  status: number;
  statusText: string;
  /** Names in lower case. */
  headers: http.IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  rawHeaders: string[];
  body: ByteSource;
}

export interface FetchOptions {
  /** What the requests are for, in the words of the network ledger, for example `ask Ollama`. */
  purpose: string;
  /** Who is asked, as error sentences name it, for example `Ollama`. Default: the purpose. */
  service?: string;
  /** A unix socket or a named pipe instead of host and port. */
  socketPath?: string;
  /** Name lookup, TCP and TLS together. Default 5 s. */
  connectTimeoutMs?: () => number;
  /**
   * The address of an HTTP proxy, null for none; asked at every request. Both ends of the connection are then the proxy's
   * business but TLS, which goes through it to the host. Servers on this computer are never asked through it.
   */
  proxy?: () => string | null;
  /**
   * Whether a request may be sent a second time when a kept-alive connection turns out to be dead. Default: GET and HEAD.
   * A POST qualifies when a second one does no harm, like asking a model.
   */
  isRepeatable?: (method: string, path: string) => boolean;
  /** Hands out bodies byte by byte as they were sent: for files, which have checksums. Default: unpacked, in UTF-8. */
  keepsPacked?: boolean;
}

export interface Requester {
  send(call: Call): Promise<Answer>;
  close(): void;
}

/** A dead kept-alive connection tells at once; an error that comes later is an answer of the server. */
const STALE_WITHIN_MS = 1_000;
const KEEP_ALIVE_PROBE_MS = 30_000;

export function createRequester(options: FetchOptions): Requester {
  const isRepeatable = options.isRepeatable ?? ((method) => method === 'GET' || method === 'HEAD');
  const service = options.service ?? options.purpose;
  const agentOptions = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_PROBE_MS, maxFreeSockets: 16 };
  const plain = new http.Agent(agentOptions);
  let secure: https.Agent | null = null;
  let tunnel: { address: string; agent: HttpsProxyAgent<string> } | null = null;

  /** Through the proxy, where one is meant. */
  function tunnelTo({ hostname }: URL): http.Agent | null {
    const address = options.proxy?.() ?? null;
    if (address === null || LOCAL_HOST.test(hostname)) return null;
    if (tunnel?.address !== address) {
      tunnel?.agent.destroy();
      tunnel = { address, agent: new HttpsProxyAgent(proxyUrl(address), agentOptions) };
    }
    return tunnel.agent;
  }

  function sendOnce({ url, method, headers, body, signal }: Call): Promise<Answer> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const isSecure = url.protocol === 'https:';
      const tunnelled = tunnelTo(url);
      const request = (isSecure ? https : http).request({
        ...(options.socketPath === undefined ? hostAndPort(url) : { socketPath: options.socketPath }),
        path: url.pathname + url.search,
        method,
        headers,
        agent: tunnelled ?? (isSecure ? (secure ??= new https.Agent(agentOptions)) : plain),
      });
      const stop = () => {
        reject(signal?.reason as Error);
        request.destroy();
      };
      signal?.addEventListener('abort', stop, { once: true });
      request.once('response', (message) => {
        // From here on the body listens.
        signal?.removeEventListener('abort', stop);
        resolve({
          status: message.statusCode ?? 0,
          statusText: message.statusMessage ?? '',
          headers: message.headers,
          rawHeaders: message.rawHeaders,
          body: byteSource(options.keepsPacked ? message : unpacked(message), signal),
        });
      });
      const limitConnecting = (): (() => void) => {
        const limitMs = options.connectTimeoutMs?.() ?? 5_000;
        const timer = setTimeout(() => {
          const host = options.socketPath ?? url.host;
          reject(new HearthError('backend_connect_timeout', { host, seconds: limitMs / 1000 }));
          request.destroy();
        }, limitMs);
        return () => clearTimeout(timer);
      };
      if (tunnelled !== null) {
        // The socket is handed over once the proxy has connected it.
        const connected = limitConnecting();
        request.once('socket', connected);
        request.once('close', connected);
      }
      request.once('socket', (socket: Socket) => {
        if (!socket.connecting) return;
        const connected = limitConnecting();
        socket.once(isSecure ? 'secureConnect' : 'connect', connected);
        socket.once('close', connected);
      });
      // A later error (the connection breaks while the answer is read) reaches the body too, and is told there.
      request.on('error', (error) => {
        signal?.removeEventListener('abort', stop);
        reject(new RequestFailed(error, request.reusedSocket));
      });
      if (body.stream === null) request.end(body.bytes ?? undefined);
      else body.stream.on('error', (error: Error) => request.destroy(error)).pipe(request);
    });
  }

  return {
    async send(call) {
      const startedMs = performance.now();
      try {
        return await sendOnce(call);
      } catch (error) {
        if (!(error instanceof RequestFailed)) throw error;
        const host = options.socketPath ?? call.url.host;
        const isStale = error.wasReused && performance.now() - startedMs < STALE_WITHIN_MS && isReset(error.code);
        if (!isStale || call.body.stream !== null || !isRepeatable(call.method, call.url.pathname))
          throw explained(error, host, service);
        // One dead connection means that its idle neighbours are dead too: the second try gets a new one.
        dropIdle(call.url.protocol === 'https:' ? secure : plain);
        return await sendOnce(call).catch((again: unknown) => {
          throw again instanceof RequestFailed ? explained(again, host, service) : again;
        });
      }
    },
    close() {
      plain.destroy();
      secure?.destroy();
      tunnel?.agent.destroy();
    },
  };
}

/** What node:http said, before it is put into words. */
class RequestFailed extends Error {
  readonly code: string;
  readonly wasReused: boolean;

  constructor(cause: NodeJS.ErrnoException, wasReused: boolean) {
    super(cause.message || String(cause.code), { cause });
    this.code = cause.code ?? '';
    this.wasReused = wasReused;
  }
}

function isReset(code: string): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** The connection broke before an answer began, something spoke that is not HTTP, or nobody was reached at all. */
function explained(error: RequestFailed, host: string, backend: string): HearthError {
  const options = { cause: error.cause, detail: error.code === '' ? error.message : `${error.code}: ${error.message}` };
  if (isReset(error.code)) return new HearthError('backend_empty', { host, backend }, options);
  if (error.code.startsWith('HPE_')) return new HearthError('backend_garbage', { host, backend }, options);
  return new HearthError('backend_unreachable', { host, backend }, options);
}

function dropIdle(agent: http.Agent | null): void {
  for (const sockets of Object.values(agent?.freeSockets ?? {})) for (const socket of sockets ?? []) socket.destroy();
}

function hostAndPort({ hostname, port }: URL): http.RequestOptions {
  const isLocalhost = hostname === 'localhost' || hostname.endsWith('.localhost');
  return {
    // URL keeps the brackets of an IPv6 address; node:http wants none.
    hostname: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port,
    ...(isLocalhost ? { lookup: lookupLocalhost } : {}),
  };
}

const LOCAL_HOST = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/;

/** As people write it: `proxy.example:3128` is http. */
function proxyUrl(address: string): string {
  const url = address.includes('://') ? address : `http://${address}`;
  if (URL.canParse(url)) return url;
  throw new HearthError('backend_unreachable', { host: address, backend: address }, { detail: 'not a proxy address' });
}

/** `localhost` by both of its addresses, whatever the hosts file says: servers listen on one of them only. */
const lookupLocalhost: LookupFunction = (_hostname, options, done) => {
  const addresses = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
  if (options.all) done(null, addresses);
  else done(null, '127.0.0.1', 4);
};
