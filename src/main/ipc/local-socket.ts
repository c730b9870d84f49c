// Serves the contract to this user's terminals over a local socket (a named pipe on Windows): oRPC in HTTP.
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { RPCHandler } from '@orpc/server/node';
import type { Router } from './router.ts';

export const RPC_PREFIX = '/rpc';

/** The largest request: the largest question as JSON with every character escaped would be larger, but no real one is. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export interface LocalSocket {
  /** Cuts all connections and removes the socket. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Listens for this user's terminals. Call it only while holding the history's lock: then a socket file that is already
 * there belongs to a Hearth that is gone, and is replaced.
 * @param path socket file, or pipe name on Windows
 */
export async function serveLocalSocket(router: Router, path: string): Promise<LocalSocket> {
  const handler = new RPCHandler(router);
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
      response.writeHead(413).end();
      return;
    }
    handler
      .handle(request, response, { prefix: RPC_PREFIX, context: { client: 'cli' } })
      .then(({ matched }) => matched || response.writeHead(404).end())
      .catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const isPipe = path.startsWith('\\\\');
  if (!isPipe) rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
  if (!isPipe) chmodSync(path, 0o600);

  let stopping: Promise<void> | null = null;
  return {
    stop() {
      stopping ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
      return stopping;
    },
  };
}
