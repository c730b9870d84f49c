// MLX as a backend: which model, whether it can run here, and a server of ours that is asked in OpenAI's words.
import type { BackendAbility } from '../../../contract/backends.ts';
import type { Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { text } from '../../words/index.ts';
import type { After } from '../waiting/after.ts';
import { createIdle } from '../waiting/idle.ts';
import type { Backend, BackendHealth, ChatEvent, ChatRequest, MlxEngine } from '../interface.ts';
import { limitsOf } from '../choice/limits.ts';
import { createTurns } from '../waiting/turns.ts';
import { createOpenAiBackend } from '../openai/index.ts';
import { findMlx } from './find.ts';
import { createMlxServer, MLX_LABEL, type MlxRun } from './server.ts';

/** How the server calls the model that it was started with; by its name it would read it a second time. */
const OWN_MODEL = 'default_model';
/** Without a wish the server would end every answer after 512 tokens. */
const ANSWER_MAX_TOKENS = 16_384;
/** It knows no schemas and no pictures. */
const ABILITIES: readonly BackendAbility[] = ['thinking', 'tools'];

export interface MlxOptions {
  settings: SettingsStore;
  env: NodeJS.ProcessEnv;
  pidPath: string;
  log?: Log | undefined;
  /** Of this computer; a test's own. */
  platform?: NodeJS.Platform;
  arch?: string;
  after?: After;
  port?: () => Promise<number>;
}

export interface MlxLife extends MlxEngine {
  /** Of the server while there is one. */
  pid(): Promise<number | null>;
}

/** Nothing is started or asked before the first question. All backends made here share one server with one model. */
export function createMlxEngine(options: MlxOptions): MlxLife {
  const { settings, env, log, after, platform = process.platform, arch = process.arch } = options;
  const canRunHere = platform === 'darwin' && arch === 'arm64';
  // What holds the child is the system that this is, whatever a test lets it be.
  const { pidPath, port } = options;
  const server = createMlxServer({ env, platform: process.platform, pidPath, log, ...(port ? { port } : {}) });
  const turns = createTurns();
  const idle = createIdle({
    minutes: () => settings.get().llamacpp.idleMinutes,
    onIdle: () => void unload(),
    ...(after === undefined ? {} : { after }),
  });
  let { idleMinutes } = settings.get().llamacpp;
  const unfollow = settings.onChange(({ llamacpp }) => {
    if (llamacpp.idleMinutes === idleMinutes) return;
    ({ idleMinutes } = llamacpp);
    if (server.current() !== null) idle.renew();
  });
  const timeouts = () => limitsOf(settings.get(), 'mlx');
  let connection: { run: MlxRun; backend: Backend } | null = null;

  async function unload(): Promise<void> {
    const giveBack = await turns.take(new AbortController().signal);
    try {
      // Somebody may have asked while it waited for its turn.
      if (idle.isInUse() || server.current() === null) return;
      await server.end();
      log?.info('mlx_lm.server was ended: it was not asked any more');
    } finally {
      giveBack();
    }
  }

  /** What would be started. Throws `mlx_unavailable`. */
  function plan(model: string | null): { program: string; model: string } {
    if (!canRunHere) throw unavailable(text('mlx:needs_mac'));
    const found = findMlx({ chosen: settings.get().mlx.program, env });
    if ('reason' in found) throw unavailable(found.reason);
    if (model === null) throw unavailable(text('mlx:no_model'));
    return { ...found, model };
  }

  function connect(run: MlxRun): Backend {
    if (connection?.run === run) return connection.backend;
    void connection?.backend.stop?.();
    const { host } = run;
    const backend = createOpenAiBackend(
      { base: `http://${host}/v1`, host, model: OWN_MODEL },
      {
        id: 'mlx',
        label: MLX_LABEL,
        access: () => Promise.resolve({ key: null, headers: {} }),
        timeouts,
        // It has the same words for what the standard lacks.
        flavour: 'vllm',
      },
    );
    connection = { run, backend };
    return backend;
  }

  async function* ask(
    model: string | null,
    request: ChatRequest,
    signal: AbortSignal,
  ): AsyncGenerator<ChatEvent, void> {
    const wish = plan(model);
    const free = idle.use();
    let giveBack = (): void => {};
    try {
      giveBack = await turns.take(signal);
      const current = server.current();
      if (current?.state !== 'ready' || current.model !== wish.model) yield { type: 'loading', model: wish.model };
      const run = await server.open({ ...wish, loadMs: timeouts().loadMs }, signal);
      const asked = { ...request, model: OWN_MODEL, options: { maxTokens: ANSWER_MAX_TOKENS, ...request.options } };
      try {
        yield* connect(run).chat(asked, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        throw (await run.crash()) ?? error;
      }
    } finally {
      giveBack();
      free(request.keepAliveMinutes);
    }
  }

  function create(own: () => string | null): Backend {
    const modelFor = (requested: string | null) => requested ?? own();
    const describe = (model: string | null) => ({ url: `mlx://${model ?? ''}`, host: null });

    function health(): Pick<BackendHealth, 'state' | 'problem'> {
      try {
        const { model } = plan(own());
        const current = server.current();
        if (current?.model !== model) return { state: 'asleep', problem: null };
        return { state: current.state, problem: null };
      } catch (error) {
        if (error instanceof HearthError) return { state: 'unavailable', problem: error.toInfo() };
        throw error;
      }
    }

    const models = () => {
      const name = own();
      if (name === null) return [];
      return [{ name, sizeBytes: null, family: null, parameters: null, quantization: null }];
    };
    return {
      id: 'mlx',
      kind: 'mlx',
      label: MLX_LABEL,
      abilities: ABILITIES,
      lane: 'mlx',
      concurrency: 1,
      modelFor,
      describe,
      models: () => Promise.resolve(models()),
      look: () =>
        Promise.resolve({
          ...describe(own()),
          ...health(),
          isOwned: server.current() !== null,
          version: null,
          latencyMs: null,
          models: models(),
        }),
      chat: (request, signal) => ask(modelFor(request.model), request, signal),
    };
  }

  return {
    backend: () => create(() => settings.get().mlx.model),
    forModel: (model) => create(() => model),
    pid: () => server.pid(),
    async stop() {
      idle.stop();
      unfollow();
      await server.stop();
      await connection?.backend.stop?.();
    },
  };
}

function unavailable(reason: string): HearthError {
  return new HearthError('mlx_unavailable', { reason });
}
