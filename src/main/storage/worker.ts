// The thread that owns the history file: opens it, then runs one call after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { toFailure } from './failure.ts';
import { type OpenHistory, openHistory } from './open-history.ts';
import type { CallName, CallRequest, Reply, Request, WorkerSettings } from './protocol.ts';

if (!parentPort) throw new Error('The storage worker runs only as a worker thread');
const port = parentPort;
const settings = workerData as WorkerSettings;
// Here, not in a module further down: built, everything is one file with the folder beside it.
const migrationsUrl = settings.migrationsUrl ?? new URL('./migrations/', import.meta.url).href;

try {
  serve(openHistory({ ...settings, migrationsUrl }));
  reply({ type: 'opened' });
} catch (error) {
  // With nothing listening the thread ends by itself.
  reply({ type: 'refused', error: toFailure(error, settings.folder).toRecord() });
}

function serve(history: OpenHistory): void {
  port.on('message', (request: Request) => {
    if (request.type === 'call') {
      answer(history, request);
    } else {
      history.close();
      port.close();
    }
  });
}

function answer<K extends CallName>({ path, calls }: OpenHistory, { id, name, args }: CallRequest<K>): void {
  try {
    reply({ type: 'result', id, value: calls[name](...args) });
  } catch (error) {
    reply({ type: 'failed', id, error: toFailure(error, path).toRecord() });
  }
}

function reply(message: Reply): void {
  port.postMessage(message);
}
