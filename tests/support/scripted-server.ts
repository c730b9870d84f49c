// What the stand-ins of servers share: a real socket, requests kept as they were seen, bodies in pieces, faults of the wire.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';

export interface SeenRequest {
  method: string;
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON, else the raw text; null when there was none. */
  body: unknown;
  /** The client went away before the answer was complete. */
  aborted: boolean;
  /** The answer was sent to its end, or the fault has struck. */
  finished: boolean;
}

export interface Call {
  seen: SeenRequest;
  response: ServerResponse;
  /** Aborts when the client has gone; every wait ends then. */
  signal: AbortSignal;
  /** Called before the server itself ends the connection, so that it is not taken for the client's doing. */
  finish: () => void;
}

export interface ScriptedServer {
  /** For example `http://127.0.0.1:36865`. */
  origin: string;
  /** `host:port`. */
  host: string;
  port: number;
  /** In order of arrival; entries change while their request runs. */
  requests: SeenRequest[];
  requestsTo(path: string): SeenRequest[];
  /** How many connections were accepted so far. */
  connections(): number;
  /** How many of them are open now. */
  openConnections(): number;
  /** Ends every connection and refuses new ones. Idempotent. */
  close(): Promise<void>;
}

export async function startScriptedServer(
  answer: (call: Call) => Promise<void>,
  { port = 0 }: { port?: number } = {},
): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((request, response) => {
    const gone = new AbortController();
    const { method = '', headers } = request;
    const { pathname: path } = new URL(request.url ?? '/', 'http://x');
    const seen: SeenRequest = { method, path, headers, body: null, aborted: false, finished: false };
    response.on('close', () => {
      seen.aborted = !seen.finished && !response.writableFinished;
      seen.finished = !seen.aborted;
      gone.abort(new Error('the client has gone'));
    });
    const finish = () => (seen.finished = true);
    void (async () => {
      seen.body = await bodyOf(request);
      requests.push(seen);
      await answer({ seen, response, signal: gone.signal, finish });
    })().then(finish, (error: unknown) => {
      if (!gone.signal.aborted) response.destroy(error as Error);
    });
  });
  // Idle connections stay open, as those of real servers do.
  server.keepAliveTimeout = 0;
  server.requestTimeout = 0;
  server.on('connection', (socket) => {
    connections += 1;
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  const actual = (server.address() as AddressInfo).port;
  return {
    origin: `http://127.0.0.1:${actual}`,
    host: `127.0.0.1:${actual}`,
    port: actual,
    requests,
    requestsTo: (path) => requests.filter((one) => one.path === path),
    connections: () => connections,
    openConnections: () => sockets.size,
    async close() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Writes bytes, in pieces of `splitBytes` where that is not null; waits while the client does not keep up. */
export async function writeBytes({ response, signal }: Call, bytes: Buffer, splitBytes: number | null): Promise<void> {
  const step = splitBytes ?? Math.max(1, bytes.length);
  for (let at = 0; at < bytes.length; at += step) {
    signal.throwIfAborted();
    if (!response.write(bytes.subarray(at, at + step))) await drained(response, signal);
  }
}

/** Breaks the connection, after everything written before has left this process. */
export async function cut({ response, finish }: Call): Promise<void> {
  while ((response.socket?.writableLength ?? 0) > 0) await setImmediate();
  finish();
  response.destroy();
}

/** Until the client goes. */
export function forever(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

export function sendWhole({ response }: Call, status: number, contentType: string, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(status, { 'content-type': contentType, 'content-length': body.length });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

export const PAGE = '<!doctype html>\n<html><body><h1>It works!</h1></body></html>';

function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    response.once('drain', () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(raw);
  } catch {
    return raw === '' ? null : raw;
  }
}
