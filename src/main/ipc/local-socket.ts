// Serves the contract to this user's terminals over a local socket (a named pipe on Windows): oRPC in HTTP.
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node';
import type { Router } from './router.ts';

export const RPC_PREFIX = '/rpc';

/** The largest request. The largest question fits, even with every character written as six in JSON. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** For the last words of streams that have just ended: they may be waiting for their pace. */
const LAST_WORDS_MS = 1_500;

export interface LocalSocket {
  /** How many terminals are connected. */
  connected(): number;
  /** Resolves when none is, or when the signal aborts. */
  idle(signal?: AbortSignal): Promise<void>;
  /** Removes the socket: nobody new gets in, calls that are under way go on. Idempotent. */
  refuse(): void;
  /** The same; who is still connected after a short while is cut. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Listens for this user's terminals. Call it only while holding the history's lock: then a socket file that is already
 * there belongs to a Hearth that is gone, and is replaced.
 * @param path socket file, or pipe name on Windows
 * @param onError gets what goes wrong later, for example that no further connection could be taken; serving goes on
 */
export async function serveLocalSocket(
  router: Router,
  path: string,
  onError: (error: unknown) => void,
): Promise<LocalSocket> {
  const handler = new RPCHandler(router, { plugins: [new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })] });
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    handler
      .handle(request, response, { prefix: RPC_PREFIX, context: { client: 'cli' } })
      .then(({ matched }) => matched || response.writeHead(404).end())
      .catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0) for (const tell of waiting.splice(0)) tell();
    });
  });
  const isPipe = path.startsWith('\\\\');
  if (!isPipe) rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      server.on('error', onError);
      resolve();
    });
  });
  if (!isPipe) chmodSync(path, 0o600);

  const closed = new Promise<void>((resolve) => server.once('close', () => resolve()));
  const refuse = () => {
    if (server.listening) server.close();
  };
  function idle(signal?: AbortSignal): Promise<void> {
    if (sockets.size === 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      waiting.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  async function stopAll(): Promise<void> {
    refuse();
    await idle(AbortSignal.timeout(LAST_WORDS_MS));
    for (const socket of sockets) socket.destroy();
    await closed;
  }
  let stopping: Promise<void> | null = null;
  return {
    connected: () => sockets.size,
    idle,
    refuse,
    stop() {
      stopping ??= stopAll();
      return stopping;
    },
  };
}
