// Our end of the worker's port: sends calls, matches answers, and tells everybody when the worker is gone.
import { Worker } from 'node:worker_threads';
import { HearthError } from '../errors/index.ts';
import type { CallArgs, CallName, CallResult, ErrorRecord, Reply, Request, WorkerSettings } from './protocol.ts';

/** How long closing may take before the worker is ended by force. The file is sound then too: that is what WAL is for. */
const CLOSE_LIMIT_MS = 5_000;

export interface WorkerLink {
  call: <K extends CallName>(name: K, ...args: CallArgs<K>) => Promise<CallResult<K>>;
  /** Lets the calls before it finish. Resolves when the worker has ended, at most five seconds later. */
  close: () => Promise<void>;
}

interface Pending {
  resolve(value: CallResult<CallName>): void;
  reject(error: HearthError): void;
}

/**
 * Starts the worker and waits until the history is open: as long as its migrations and the backup before them take, which
 * is why there is no limit here; the worker's own waits for locks are bounded.
 * @param onFatal called once when the worker ends without being asked to
 * @throws HearthError with the code that the worker refused with
 */
export function startWorker(
  workerUrl: URL,
  settings: WorkerSettings,
  onFatal: (error: HearthError) => void,
): Promise<WorkerLink> {
  const worker = new Worker(workerUrl, { workerData: settings, name: 'hearth-storage' });
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let refusal: HearthError | null = null;
  /** Why no call is possible any more. */
  let end: HearthError | null = null;
  let crash: unknown;
  let closing: Promise<void> | null = null;

  const hasExited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread's port, which has no origin
  const send = (request: Request): void => worker.postMessage(request);

  const link: WorkerLink = {
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        if (end) return reject(end);
        if (closing) return reject(closedError());
        lastId += 1;
        const id = lastId;
        send({ type: 'call', id, name, args });
        // The worker answers under this id with what `Calls` promises for this name.
        return pending.set(id, { resolve: resolve as Pending['resolve'], reject });
      }),
    close() {
      closing ??= closeWorker();
      return closing;
    },
  };

  /** From here on nothing is answered any more. */
  function finish(error: HearthError): void {
    end ??= error;
    for (const call of pending.values()) call.reject(end);
    pending.clear();
  }

  async function closeWorker(): Promise<void> {
    if (end) return;
    send({ type: 'close' });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        // Not awaited: a thread inside a system call ends only when that returns.
        void worker.terminate();
        finish(closedError());
        resolve();
      }, CLOSE_LIMIT_MS);
    });
    await Promise.race([hasExited, limit]);
    clearTimeout(timer);
  }

  return new Promise((resolve, reject) => {
    worker.on('message', (reply: Reply) => {
      switch (reply.type) {
        case 'opened':
          resolve(link);
          break;
        case 'refused':
          refusal = errorOf(reply.error);
          break;
        case 'result':
          take(pending, reply.id)?.resolve(reply.value);
          break;
        case 'failed':
          take(pending, reply.id)?.reject(errorOf(reply.error));
          break;
      }
    });
    worker.on('error', (error) => {
      crash = error;
    });
    // Only the exit is the end: a refused opening has then given its lock back, so that trying again can work.
    worker.once('exit', (exitCode) => {
      const isExpected = closing !== null || refusal !== null;
      const error = refusal ?? (closing ? closedError() : diedError(crash, exitCode));
      finish(error);
      reject(error);
      if (!isExpected) onFatal(error);
    });
  });
}

function take(pending: Map<number, Pending>, id: number): Pending | undefined {
  const call = pending.get(id);
  pending.delete(id);
  return call;
}

function errorOf({ code, params, detail }: ErrorRecord): HearthError {
  return new HearthError(code, params, detail === undefined ? {} : { detail });
}

function closedError(): HearthError {
  return new HearthError('storage_failed', { reason: 'it is closed' });
}

function diedError(crash: unknown, exitCode: number): HearthError {
  const reason = 'its worker ended unexpectedly';
  return crash === undefined
    ? new HearthError('storage_failed', { reason }, { detail: `exit code ${exitCode}` })
    : new HearthError('storage_failed', { reason }, { cause: crash });
}
