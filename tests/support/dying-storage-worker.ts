// The real storage worker, except that `check` ends it with an exit code and `facts` with an uncaught error.
import { parentPort } from 'node:worker_threads';
import type { Request } from '../../src/main/storage/protocol.ts';

parentPort?.on('message', (request: Request) => {
  if (request.type !== 'call') return;
  if (request.name === 'check') process.exit(7);
  if (request.name === 'facts') throw new Error('a fault in the worker');
});
await import('../../src/main/storage/worker.ts');
