// Main's one way out: a fetch over node:http that can be aborted at every stage and has no hidden limits.
//
// Node's own fetch gives up after 300 s without headers (a large model loads longer) and costs twice the time to the first
// byte; here a request is one node:http call over a kept-alive connection. Redirects are not followed (the caller sees the
// 3xx: every host that is spoken to must be known), bodies are not decompressed (none is asked for).
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { HearthError } from '../errors/index.ts';
import { bodyStream, type RequestBody, requestBody } from './network-body.ts';

/** Like the global fetch; rejects with a HearthError (`backend_unreachable`, `backend_connect_timeout`, …) or the signal's reason. */
export interface Fetch {
  (input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** Ends the connections that are kept open; those in use end with their answers. */
  close(): void;
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
   * Whether a request may be sent a second time when a kept-alive connection turns out to be dead. Default: GET and HEAD.
   * A POST qualifies when a second one does no harm, like asking a model.
   */
  isRepeatable?: (method: string, path: string) => boolean;
}

/** A dead kept-alive connection tells at once; an error that comes later is an answer of the server. */
const STALE_WITHIN_MS = 1_000;
const KEEP_ALIVE_PROBE_MS = 30_000;
const NO_BODY_STATUSES = new Set([204, 205, 304]);

export function createFetch(options: FetchOptions): Fetch {
  const isRepeatable = options.isRepeatable ?? ((method) => method === 'GET' || method === 'HEAD');
  const agentOptions = { keepAlive: true, keepAliveMsecs: KEEP_ALIVE_PROBE_MS, maxFreeSockets: 16 };
  const plain = new http.Agent(agentOptions);
  let secure: https.Agent | null = null;

  async function fetchOnce(call: Call): Promise<Response> {
    const { url, signal, headers, method } = call;
    signal?.throwIfAborted();
    const isSecure = url.protocol === 'https:';
    const request = (isSecure ? https : http).request({
      ...(options.socketPath === undefined
        ? {
            hostname: bareHost(url.hostname),
            port: url.port,
            lookup: isLocalhost(url.hostname) ? lookupLocalhost : undefined,
          }
        : { socketPath: options.socketPath }),
      path: url.pathname + url.search,
      method,
      headers,
      agent: isSecure ? (secure ??= new https.Agent(agentOptions)) : plain,
    });
    const reached = options.socketPath ?? url.host;
    const message = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const stop = () => {
        reject(signal?.reason as Error);
        request.destroy();
      };
      signal?.addEventListener('abort', stop, { once: true });
      request.once('response', (response) => {
        // From here on the body's stream listens.
        signal?.removeEventListener('abort', stop);
        resolve(response);
      });
      const limitMs = options.connectTimeoutMs?.() ?? 5_000;
      request.once('socket', (socket: Socket) => {
        if (!socket.connecting) return;
        const timer = setTimeout(() => {
          reject(new HearthError('backend_connect_timeout', { host: reached, seconds: limitMs / 1000 }));
          request.destroy();
        }, limitMs);
        const connected = () => clearTimeout(timer);
        socket.once(isSecure ? 'secureConnect' : 'connect', connected);
        socket.once('close', connected);
      });
      request.once('error', (error) => {
        signal?.removeEventListener('abort', stop);
        reject(new RequestFailed(error, request.reusedSocket));
      });
      // A later error (the connection breaks while the answer is read) reaches the body's stream.
      request.on('error', () => undefined);
      if (call.body.stream === null) request.end(call.body.bytes ?? undefined);
      else call.body.stream.on('error', (error: Error) => request.destroy(error)).pipe(request);
    });
    return responseFrom(message, method, signal);
  }

  const hearthFetch = async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const call = callFrom(input, init);
    const reached = options.socketPath ?? call.url.host;
    const service = options.service ?? options.purpose;
    const startedMs = performance.now();
    try {
      return await fetchOnce(call);
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      const isStale = error.wasReused && performance.now() - startedMs < STALE_WITHIN_MS && isReset(error.code);
      if (!isStale || call.body.stream !== null || !isRepeatable(call.method, call.url.pathname))
        throw explained(error, reached, service);
      // One dead connection means that its idle neighbours are dead too: the second try gets a new one.
      dropIdle(call.url.protocol === 'https:' ? secure : plain);
      return await fetchOnce(call).catch((again: unknown) => {
        throw again instanceof RequestFailed ? explained(again, reached, service) : again;
      });
    }
  };
  return Object.assign(hearthFetch, {
    close() {
      plain.destroy();
      secure?.destroy();
    },
  });
}

interface Call {
  url: URL;
  method: string;
  headers: http.OutgoingHttpHeaders;
  body: RequestBody;
  signal: AbortSignal | null;
}

function callFrom(input: RequestInfo | URL, init: RequestInit): Call {
  const request = input instanceof Request ? input : null;
  const url = new URL(input instanceof Request ? input.url : input);
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase();
  const headers: http.OutgoingHttpHeaders = {};
  for (const source of [request?.headers, init.headers]) {
    if (source === undefined) continue;
    for (const [name, value] of new Headers(source)) headers[name] = value;
  }
  const body = requestBody(init.body ?? request?.body ?? null);
  if (body.bytes !== null) headers['content-length'] = body.bytes.length;
  if (body.contentType !== null) headers['content-type'] ??= body.contentType;
  return { url, method, headers, body, signal: init.signal ?? request?.signal ?? null };
}

function responseFrom(message: http.IncomingMessage, method: string, signal: AbortSignal | null): Response {
  const headers = new Headers();
  for (let index = 0; index < message.rawHeaders.length; index += 2)
    headers.append(message.rawHeaders[index] ?? '', message.rawHeaders[index + 1] ?? '');
  const status = message.statusCode ?? 0;
  const init = { status, statusText: message.statusMessage ?? '', headers };
  if (method === 'HEAD' || NO_BODY_STATUSES.has(status)) {
    message.resume();
    return new Response(null, init);
  }
  return new Response(bodyStream(message, signal), init);
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

function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost');
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

/** URL keeps the brackets of an IPv6 address; node:http wants none. */
function bareHost(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
