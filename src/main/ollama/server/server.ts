// The Ollama server that Hearth starts and ends: at most one, shared by all who ask for it.
import path from 'node:path';
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import { findOllama, problemWith } from './find.ts';
import type { OllamaServer, OllamaServerState } from './interface.ts';
import { beginLife, type Life, type Limits } from './life.ts';
import { sentenceOfEnd } from './reasons.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface OllamaServerOptions {
  /** Where `ollama.log` and `ollama.previous.log` lie. */
  folder: string;
  /** What the child inherits; HEARTH_OLLAMA and PATH say where it is. */
  env: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
  limits?: Partial<Limits>;
  /** Told when the log can't be written; the server runs on without one. */
  onLogError?: (error: unknown) => void;
}

const LIMITS: Limits = { startMs: 30_000, stopGraceMs: 5_000, logBytes: 5_000_000 };

export function createOllamaServer(options: OllamaServerOptions): OllamaServer {
  return new ChildServer(options);
}

/** From the decision to start the child until the last trace of it is gone. */
interface Run {
  controller: AbortController;
  /** Who still waits for it to be ready; when nobody is left it is ended. */
  waiters: number;
  /** `ending`: whoever wants a server waits for `over` and begins a new run. */
  stage: 'starting' | 'ready' | 'ending';
  ready: Promise<{ host: string }>;
  over: Promise<void>;
}

class ChildServer implements OllamaServer {
  readonly logPath: string;
  readonly #options: OllamaServerOptions;
  readonly #platform: NodeJS.Platform;
  readonly #listeners = new Set<(state: OllamaServerState) => void>();
  #state: OllamaServerState = { state: 'stopped' };
  #run: Run | null = null;
  /** A start that was asked for before a stop must not come true after it. */
  #stops = 0;

  constructor(options: OllamaServerOptions) {
    this.#options = options;
    this.#platform = options.platform ?? process.platform;
    this.logPath = path.join(options.folder, 'ollama.log');
  }

  state(): OllamaServerState {
    return this.#state;
  }

  find(): string | null {
    return findOllama(this.#options.env, this.#platform);
  }

  onChange(listener: (state: OllamaServerState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(signal: AbortSignal): Promise<{ host: string }> {
    const stopsSeen = this.#stops;
    while (this.#run?.stage === 'ending') await unlessAborted(this.#run.over, signal);
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
    if (run === null) this.#setState({ state: 'stopped' });
    else this.#end(run);
    await run?.over;
  }

  #begin(): Run {
    const program = this.find();
    if (program === null) throw new HearthError('ollama_not_installed');
    const problem = problemWith(program);
    if (problem !== null) {
      const reason = text(`ollama:path_${problem}`, { path: program });
      this.#setState({ state: 'failed', reason: text('ollama:not_started', { reason }), lastLines: [] });
      throw new HearthError('ollama_start_failed', { reason, log: this.logPath });
    }
    let over: Promise<void> = Promise.resolve();
    const controller = new AbortController();
    const ready = new Promise<{ host: string }>((isReady, isFailed) => {
      // Only after this turn of the loop: the run has to be known before its life begins.
      over = Promise.resolve().then(() => this.#live(run, program, isReady, isFailed));
    });
    // Those who wait see it; when all have given up nobody does.
    ready.catch(() => null);
    const run: Run = { controller, waiters: 0, stage: 'starting', ready, over };
    this.#setState({ state: 'starting' });
    return run;
  }

  /** Resolves when everything the run has started is gone. */
  async #live(
    run: Run,
    program: string,
    isReady: (server: { host: string }) => void,
    isFailed: (error: unknown) => void,
  ): Promise<void> {
    const { signal } = run.controller;
    let life: Life | null = null;
    const fail = (reason: string): void => {
      run.stage = 'ending';
      this.#setState({ state: 'failed', reason, lastLines: life?.lastLines() ?? [] });
    };
    try {
      life = this.#spawn(program);
      const { host, pid } = await life.ready(signal);
      run.stage = 'ready';
      this.#setState({ state: 'ready', host, pid });
      isReady({ host });
      const end = await unlessAborted(life.ended, signal);
      fail(sentenceOfEnd(end));
    } catch (error) {
      // Ended on purpose: `#end` has told the state.
      if (!signal.aborted) fail(text('ollama:not_started', { reason: reasonFrom(error) }));
      isFailed(error);
    } finally {
      await life?.end();
      this.#run = null;
    }
  }

  #spawn(program: string): Life {
    const { env, limits, onLogError } = this.#options;
    return beginLife({
      program,
      env,
      platform: this.#platform,
      limits: { ...LIMITS, ...limits },
      logPath: this.logPath,
      onLogError: onLogError ?? ((error) => process.emitWarning(`${this.logPath}: ${String(error)}`)),
    });
  }

  #end(run: Run): void {
    run.stage = 'ending';
    this.#setState({ state: 'stopped' });
    run.controller.abort();
  }

  #setState(state: OllamaServerState): void {
    if (state.state === this.#state.state && state.state === 'stopped') return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

function reasonFrom(error: unknown): string {
  if (error instanceof HearthError && error.params.reason !== undefined) return String(error.params.reason);
  return String(error);
}
