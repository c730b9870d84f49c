// A port that nobody uses: the server takes a number, not "any".
import { createServer } from 'node:net';

/** It may be taken by another program before the server has it; that one then says so and ends. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
