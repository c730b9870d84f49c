// The engine process as its parent sees it: started when needed, one request at a time, ended for certain.
import { type ChildProcess, spawn } from 'node:child_process';
import { HearthError } from '../../errors/index.ts';
import { isLastReply, type EngineReply, type EngineRequest } from './protocol.ts';

/** How long a process may take to obey before it is killed. */
const OBEY_LIMIT_MS = 2_000;
const STDERR_KEPT_CHARS = 4_000;

type Work = Exclude<EngineRequest, { type: 'abort' }>;
export type WorkOf<Request = Work> = Request extends Work ? Omit<Request, 'id'> : never;

/** One request on its way. */
export interface EngineTask {
  /**
   * The next reply. Rejects when the signal aborts (`cancelled`), when nothing comes within the limit (the given error),
   * or when the process ends (`engine_crashed`).
   */
  next(signal: AbortSignal, limit: { ms: number; error: () => HearthError }): Promise<EngineReply>;
  /**
   * Ends it if it runs: the engine is told to stop, and killed when it doesn't within two seconds.
   * Resolves when the engine is free for the next request; never rejects.
   */
  end(): Promise<void>;
}

export interface EngineExit {
  how: string;
  lastWords: string;
  isExpected: boolean;
}

export interface Engine {
  pid(): number | null;
  /** Starts the process unless it runs. Rejects with `engine_unavailable`. */
  start(): Promise<void>;
  /** Sends a request; only when the one before has ended. */
  send(work: WorkOf): EngineTask;
  /** Called whenever the process has ended, with what its last words were, and whether that was wanted. */
  onExit(listener: (exit: EngineExit) => void): void;
  /** Ends the process, if there is one; the next `start` begins another. Only when no request is under way. */
  end(): Promise<void>;
  /** Ends it for good. Resolves when no process is left. Idempotent. */
  stop(): Promise<void>;
}

export function createEngine(options: {
  /** The program: llama-engine.js, or engine-process.ts where Node runs TypeScript. */
  enginePath: string;
  env: NodeJS.ProcessEnv;
  /** Path of the Node that runs it; rejects with `engine_unavailable`. */
  findNode: () => Promise<string>;
}): Engine {
  let running: { child: ChildProcess; exited: Promise<void> } | null = null;
  let starting: Promise<void> | null = null;
  let isStopping = false;
  let nextId = 1;
  let current: { id: number; accept: (reply: EngineReply | HearthError) => void } | null = null;
  /** The process that was told to end. */
  let ending: ChildProcess | null = null;
  const exitListeners: ((exit: EngineExit) => void)[] = [];

  async function start(): Promise<void> {
    if (running !== null) return;
    const node = await options.findNode();
    if (isStopping) throw new HearthError('cancelled');
    const child = spawn(node, [options.enginePath], {
      env: childEnvironment(options.env),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      windowsHide: true,
    });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-STDERR_KEPT_CHARS);
    });
    child.on('message', (reply: EngineReply) => {
      if (current?.id === reply.id) current.accept(reply);
    });
    const exited = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        const how = signal === null ? `exit code ${code}` : signal;
        const crashed = new HearthError('engine_crashed', { how }, { detail: stderr.trim() });
        running = null;
        current?.accept(isStopping ? new HearthError('cancelled') : crashed);
        const isExpected = isStopping || ending === child;
        for (const listener of exitListeners) listener({ how, lastWords: stderr.trim(), isExpected });
        resolve();
      });
    });
    await new Promise<void>((spawned, failed) => {
      child.once('spawn', spawned);
      // Once it runs, `exit` tells whatever matters.
      child.on('error', (error) => {
        failed(new HearthError('engine_unavailable', { reason: `${node} can't be run.` }, { cause: error }));
      });
    });
    running = { child, exited };
  }

  async function end(): Promise<void> {
    if (running === null) return;
    const { child, exited } = running;
    ending = child;
    // The engine ends when its channel closes.
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), OBEY_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  }

  function send(work: WorkOf): EngineTask {
    const id = nextId;
    nextId += 1;
    const arrived: (EngineReply | HearthError)[] = [];
    let wake = (): void => {};
    let isOver = false;
    let markOver = (): void => {};
    const over = new Promise<void>((resolve) => {
      markOver = resolve;
    });
    const accept = (reply: EngineReply | HearthError) => {
      arrived.push(reply);
      if (reply instanceof HearthError || isLastReply(reply)) {
        isOver = true;
        current = null;
        markOver();
      }
      wake();
    };
    current = { id, accept };
    if (running === null) accept(new HearthError('engine_crashed', { how: 'it ended before the question reached it' }));
    else tell(running.child, { ...work, id });

    return {
      async next(signal, limit) {
        if (arrived.length === 0 && !signal.aborted) {
          await new Promise<void>((resolve) => {
            const timer = setTimeout(done, limit.ms);
            function done() {
              clearTimeout(timer);
              signal.removeEventListener('abort', done);
              wake = () => {};
              resolve();
            }
            signal.addEventListener('abort', done, { once: true });
            wake = done;
          });
        }
        if (signal.aborted) throw new HearthError('cancelled');
        const reply = arrived.shift();
        if (reply === undefined) throw limit.error();
        if (reply instanceof HearthError) throw reply;
        return reply;
      },
      async end() {
        if (isOver || running === null) return;
        const { child } = running;
        tell(child, { type: 'abort', id });
        const timer = setTimeout(() => child.kill('SIGKILL'), OBEY_LIMIT_MS);
        await over;
        clearTimeout(timer);
      },
    };
  }

  return {
    pid: () => running?.child.pid ?? null,
    start: () => {
      starting ??= start().finally(() => {
        starting = null;
      });
      return starting;
    },
    send,
    onExit: (listener) => exitListeners.push(listener),
    end,
    async stop() {
      isStopping = true;
      // A failed start is told to whoever asked for it.
      await starting?.catch(() => {});
      await end();
    },
  };
}

/** A channel that has just closed is told by `exit`; the callback keeps it from being an unhandled error as well. */
function tell(child: ChildProcess, request: EngineRequest): void {
  if (child.connected) child.send(request, () => {});
}

/** The parent's environment without what would change how the child's Node runs. */
function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ELECTRON_RUN_AS_NODE: _asNode, ...rest } = env;
  return rest;
}
