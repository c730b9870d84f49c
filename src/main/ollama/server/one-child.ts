// The Ollama server that Hearth starts and ends: at most one, shared by all who ask for it. What follows when it ends by
// itself is decided in server.ts.
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import { unlessAborted } from '../../waits/index.ts';
import { parallelOf } from './environment.ts';
import type { ReadyState } from './interface.ts';
import { beginLife, type Life, type LifeOptions } from './life.ts';
import { type Program, whyNotStartable } from './program.ts';
import { problemOfEnd } from './reasons.ts';

export type ChildState =
  | { state: 'stopped' }
  | { state: 'starting' }
  | ReadyState
  | { state: 'stopping' }
  /** `wasReady`: it worked before. */
  | { state: 'failed'; problem: HearthError; lastLines: string[]; wasReady: boolean };

export interface OneChildOptions {
  /** What would be started now; null when there is nothing. */
  plan: () => { program: Program; env: NodeJS.ProcessEnv } | null;
  /** Everything else a life needs. */
  life: Omit<LifeOptions, 'program' | 'env'>;
  /** Awaited before the first start: what a Hearth before this one has left is gone then. */
  cleared: Promise<void>;
  onState: (state: ChildState) => void;
}

/** From the decision to start the child until the last trace of it is gone. */
interface Run {
  controller: AbortController;
  program: string;
  env: NodeJS.ProcessEnv;
  life: Life | null;
  /** Who still waits for it to be ready; when nobody is left it is ended. */
  waiters: number;
  /** `ending` by itself, `stopping` on purpose: whoever wants a server waits for `over` and begins a new run. */
  stage: 'starting' | 'ready' | 'ending' | 'stopping';
  ready: Promise<{ host: string }>;
  over: Promise<void>;
}

export class OneChild {
  readonly #options: OneChildOptions;
  #run: Run | null = null;
  /** A start that was asked for before a stop must not come true after it. */
  #stops = 0;

  constructor(options: OneChildOptions) {
    this.#options = options;
  }

  /** What runs, or is on its way to; null when nothing does. */
  running(): { program: string; env: NodeJS.ProcessEnv } | null {
    return this.#run?.stage === 'starting' || this.#run?.stage === 'ready' ? this.#run : null;
  }

  async start(signal: AbortSignal): Promise<{ host: string }> {
    const stopsSeen = this.#stops;
    while (this.#isOnItsWayOut()) await unlessAborted(this.#run?.over ?? Promise.resolve(), signal);
    if (signal.aborted || stopsSeen !== this.#stops) throw new HearthError('cancelled');
    const run = (this.#run ??= this.#begin());
    run.waiters += 1;
    try {
      return await unlessAborted(run.ready, signal);
    } finally {
      run.waiters -= 1;
      if (run.waiters === 0 && run.stage === 'starting') this.#end(run);
    }
  }

  async stop(): Promise<void> {
    this.#stops += 1;
    const run = this.#run;
    if (run === null) this.#options.onState({ state: 'stopped' });
    else this.#end(run);
    await run?.over;
  }

  async kill(): Promise<void> {
    const stopped = this.stop();
    await this.#run?.life?.kill();
    await stopped;
  }

  /** Ends a server that is of no use any more, as if it had ended by itself. */
  abandon(problem: HearthError): void {
    if (this.#run?.stage !== 'ready') return;
    this.#fail(this.#run, problem);
    this.#run.controller.abort(new HearthError('cancelled'));
  }

  #isOnItsWayOut(): boolean {
    return this.#run?.stage === 'ending' || this.#run?.stage === 'stopping';
  }

  #begin(): Run {
    const plan = this.#options.plan();
    if (plan === null) throw new HearthError('ollama_not_installed');
    const { program, env } = plan;
    const reason = whyNotStartable(program, this.#options.life.platform, process.arch);
    if (reason !== null) {
      const problem = new HearthError('ollama_start_failed', { reason, log: this.#options.life.log.path });
      this.#options.onState({ state: 'failed', problem, lastLines: [], wasReady: false });
      throw problem;
    }
    let over: Promise<void> = Promise.resolve();
    const controller = new AbortController();
    const ready = new Promise<{ host: string }>((isReady, isFailed) => {
      // Only after this turn of the loop: the run has to be known before its life begins.
      over = Promise.resolve().then(() => this.#live(run, isReady, isFailed));
    });
    // Those who wait see it; when all have given up nobody does.
    ready.catch(() => null);
    const run: Run = { controller, program: program.file, env, life: null, waiters: 0, stage: 'starting', ready, over };
    this.#options.onState({ state: 'starting' });
    return run;
  }

  /** Resolves when everything the run has started is gone. */
  async #live(
    run: Run,
    isReady: (server: { host: string }) => void,
    isFailed: (error: unknown) => void,
  ): Promise<void> {
    const { signal } = run.controller;
    const { program, env } = run;
    try {
      await unlessAborted(this.#options.cleared, signal);
      signal.throwIfAborted();
      run.life = beginLife({ ...this.#options.life, program, env });
      const startedAtMs = Date.now();
      const server = await run.life.ready(signal);
      // It may have been given up in the very moment in which it became ready.
      signal.throwIfAborted();
      run.stage = 'ready';
      const started = { startedAtMs, program, parallel: parallelOf(env), modelsFolder: env.OLLAMA_MODELS || null };
      this.#options.onState({ state: 'ready', ...server, ...started });
      isReady({ host: server.host });
      const end = await unlessAborted(run.life.ended, signal);
      signal.throwIfAborted();
      this.#fail(run, problemOfEnd(end));
    } catch (error) {
      // Ended on purpose: whoever did has told the state.
      if (!signal.aborted) this.#fail(run, asStartFailure(error, this.#options.life.log.path));
      isFailed(error);
    } finally {
      await run.life?.end();
      this.#run = null;
      if (run.stage === 'stopping') this.#options.onState({ state: 'stopped' });
    }
  }

  #fail(run: Run, problem: HearthError): void {
    const wasReady = run.stage === 'ready';
    run.stage = 'ending';
    this.#options.onState({ state: 'failed', problem, lastLines: run.life?.lastLines() ?? [], wasReady });
  }

  #end(run: Run): void {
    if (run.stage === 'stopping') return;
    run.stage = 'stopping';
    this.#options.onState({ state: 'stopping' });
    run.controller.abort(new HearthError('cancelled'));
  }
}

function asStartFailure(error: unknown, log: string): HearthError {
  if (error instanceof HearthError && error.code === 'ollama_start_failed') return error;
  return new HearthError('ollama_start_failed', { reason: text('ollama:unknown', { said: String(error) }), log });
}
