// The Ollama child under supervision: started when asked, watched, started again when it ends by itself, given up when it
// ends too often. Why so: docs/decisions/0010-supervision.md.
import path from 'node:path';
import type { LogBatch } from '../../../contract/engine.ts';
import type { EngineUse } from '../../../contract/settings.ts';
import { HearthError } from '../../errors/index.ts';
import { type EngineSettings, serverEnvironment } from './environment.ts';
import { type HealthLimits, type HealthWatch, watchHealth } from './health.ts';
import type { OllamaServer, OllamaServerState } from './interface.ts';
import { createServerLog, type ServerLog } from './log.ts';
import { type ChildState, OneChild } from './one-child.ts';
import { chooseProgram, type Program } from './program.ts';
import { gaveUp, whyRestarted } from './reasons.ts';
import { endStale } from './stale.ts';

export interface Limits {
  /** From the spawn to the first answer. */
  startMs: number;
  /** From SIGTERM to SIGKILL, in whole seconds. */
  stopGraceMs: number;
  /** Of each of the two log files. */
  logBytes: number;
  /** Waits before the first, second, … restart; one less than the ends that are let pass. */
  backoffMs: readonly number[];
  /** In which so many ends are one too many. */
  windowMs: number;
  health: HealthLimits;
}

export interface OllamaServerOptions {
  /** Where `ollama.log` and `ollama.previous.log` lie. */
  folder: string;
  /** Default: `ollama.pid` in the folder of the log. */
  pidPath?: string;
  /** What the child inherits; HEARTH_OLLAMA and PATH say where it is. */
  env: NodeJS.ProcessEnv;
  settings: () => EngineSettings;
  /** Hearth's own Ollama; null while there is none. */
  ownProgram: () => string | null;
  platform?: NodeJS.Platform;
  limits?: Partial<Limits>;
  /** Told when the log or the pid file can't be written; the server runs on without them. */
  onFileError?: (error: unknown) => void;
}

const LIMITS: Limits = {
  startMs: 30_000,
  stopGraceMs: 5_000,
  logBytes: 5_000_000,
  backoffMs: [1_000, 2_000, 4_000, 8_000],
  windowMs: 120_000,
  health: { everyMs: 30_000, lookMs: 10_000, misses: 2 },
};

/** Ends what a Hearth that crashed has left, in the background; a start waits for it. */
export function createOllamaServer(options: OllamaServerOptions): OllamaServer {
  return new SupervisedServer(options);
}

class SupervisedServer implements OllamaServer {
  readonly logPath: string;
  readonly #options: OllamaServerOptions;
  readonly #platform: NodeJS.Platform;
  readonly #limits: Limits;
  readonly #log: ServerLog;
  readonly #child: OneChild;
  readonly #listeners = new Set<(state: OllamaServerState) => void>();
  #state: OllamaServerState = { state: 'stopped' };
  #health: HealthWatch | null = null;
  #restart: NodeJS.Timeout | null = null;
  /** When it ended by itself, on a clock that never goes back. */
  #ends: number[] = [];
  /** What was given up on. */
  #givenUp: { problem: HearthError; plan: string } | null = null;

  constructor(options: OllamaServerOptions) {
    const { folder, env, pidPath = path.join(folder, 'ollama.pid') } = options;
    this.#options = options;
    this.#platform = options.platform ?? process.platform;
    this.#limits = { ...LIMITS, ...options.limits };
    const { startMs, stopGraceMs, logBytes } = this.#limits;
    this.logPath = path.join(folder, 'ollama.log');
    const onError = options.onFileError ?? ((error) => process.emitWarning(`${this.logPath}: ${String(error)}`));
    this.#log = createServerLog(this.logPath, { maxBytes: logBytes, onError });
    const platform = this.#platform;
    this.#child = new OneChild({
      plan: () => this.#plan(),
      life: { platform, startMs, stopGraceMs, log: this.#log, pidPath, onFileError: onError },
      cleared: endStale({ pidPath, platform, env, graceMs: stopGraceMs, onError }),
      onState: (state) => this.#follow(state),
    });
  }

  state(): OllamaServerState {
    return this.#state;
  }

  find(): string | null {
    return this.#program()?.file ?? null;
  }

  onChange(listener: (state: OllamaServerState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(signal: AbortSignal): Promise<{ host: string }> {
    const refusal = this.refusal();
    if (refusal !== null) throw refusal;
    return await this.#child.start(signal);
  }

  renew(): void {
    this.#ends = [];
    this.#givenUp = null;
  }

  refusal(): HearthError | null {
    if (this.#givenUp === null) return null;
    // Other settings or another Ollama: it may work now.
    const isOver = this.#recentEnds().length === 0 || this.#givenUp.plan !== printed(this.#plan());
    if (isOver) this.renew();
    return this.#givenUp?.problem ?? null;
  }

  async stop(): Promise<void> {
    this.#clearRestart();
    await this.#child.stop();
  }

  async kill(): Promise<void> {
    this.#clearRestart();
    await this.#child.kill();
  }

  checkNow(): void {
    this.#health?.checkNow();
  }

  needsRestart(): boolean {
    const running = this.#child.running();
    const plan = this.#plan();
    if (running === null || plan === null) return false;
    return running.program !== plan.program.file || printedEnv(running.env) !== printedEnv(plan.env);
  }

  log(lines: number): Promise<string[]> {
    return this.#log.last(lines);
  }

  followLog(lines: number, signal: AbortSignal): AsyncIterable<LogBatch> {
    return this.#log.follow(lines, signal);
  }

  #program(): Program | null {
    const { env, ownProgram } = this.#options;
    return chooseProgram({ env, platform: this.#platform, use: this.#use(), ownProgram });
  }

  #use(): EngineUse {
    return this.#options.settings().use;
  }

  #plan(): { program: Program; env: NodeJS.ProcessEnv } | null {
    const program = this.#program();
    const { env, settings } = this.#options;
    return program === null ? null : { program, env: serverEnvironment(env, settings(), this.#platform) };
  }

  #follow(state: ChildState): void {
    this.#health?.end();
    this.#health = null;
    if (state.state === 'starting') this.#clearRestart();
    if (state.state === 'ready') this.#health = watchHealth(state.host, this.#limits.health, () => this.#abandon());
    if (state.state !== 'failed') this.#setState(state);
    else if (state.wasReady || this.#recentEnds().length > 0) this.#startAgain(state);
    else this.#setState({ state: 'failed', problem: state.problem, lastLines: state.lastLines });
  }

  #abandon(): void {
    const { lookMs, misses } = this.#limits.health;
    this.#child.abandon(new HearthError('engine_hung', { seconds: (lookMs * misses) / 1000 }));
  }

  /** After an end by itself: soon, unless it has ended too often. */
  #startAgain({ problem, lastLines }: Extract<ChildState, { state: 'failed' }>): void {
    const { backoffMs, windowMs } = this.#limits;
    const limit = backoffMs.length + 1;
    this.#ends = [...this.#recentEnds(), performance.now()];
    const attempt = this.#ends.length;
    const waitMs = backoffMs[attempt - 1];
    if (waitMs === undefined) {
      const given = gaveUp({ times: attempt, windowMs, problem, lastLines });
      this.#givenUp = { problem: given, plan: printed(this.#plan()) };
      this.#setState({ state: 'failed', problem: given, lastLines });
      return;
    }
    const atMs = Date.now() + waitMs;
    this.#clearRestart();
    this.#restart = setTimeout(() => void this.#restartNow(lastLines), waitMs);
    this.#setState({ state: 'restarting', attempt, limit, atMs, problem: whyRestarted(problem), lastLines });
  }

  async #restartNow(lastLines: string[]): Promise<void> {
    try {
      await this.#child.start(new AbortController().signal);
    } catch (error) {
      // What is wrong with a start is told by the state; only one that could not even begin has told nothing.
      const isUntold = this.#state.state === 'restarting' && error instanceof HearthError;
      if (isUntold && error.code === 'ollama_not_installed')
        this.#setState({ state: 'failed', problem: error, lastLines });
    }
  }

  #clearRestart(): void {
    if (this.#restart !== null) clearTimeout(this.#restart);
    this.#restart = null;
  }

  #recentEnds(): number[] {
    return this.#ends.filter((atMs) => performance.now() - atMs < this.#limits.windowMs);
  }

  #setState(state: OllamaServerState): void {
    if (state.state === this.#state.state && state.state === 'stopped') return;
    this.#state = state;
    for (const listener of this.#listeners) {
      // A listener may have ended the server: those after it were told that, and must not hear the older news last.
      if (this.#state !== state) return;
      listener(state);
    }
  }
}

/** To compare what ran with what would run. */
function printed(plan: { program: Program; env: NodeJS.ProcessEnv } | null): string {
  return plan === null ? '' : `${plan.program.file}\n${printedEnv(plan.env)}`;
}

function printedEnv(env: NodeJS.ProcessEnv): string {
  return JSON.stringify(Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
