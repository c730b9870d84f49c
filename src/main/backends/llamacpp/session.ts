// A question's way through the engine: its turn, the model loaded, the answer streamed, the engine free again.
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import type { After } from '../waiting/after.ts';
import { createIdle } from '../waiting/idle.ts';
import type { ChatEvent, ChatRequest } from '../interface.ts';
import { limitsOf } from '../choice/limits.ts';
import { physicalCores, threadsFor } from './cores.ts';
import type { Engine, EngineTask } from './engine.ts';
import { type GpuTry, gpuTries } from './gpu.ts';
import { type NeedOf, type ReadMemory, requireRoom, watchMemory } from './memory.ts';
import type { ModelFile } from './model-files.ts';
import type { AnswerOptions, EngineMessage, ModelLoad } from './protocol.ts';
import { limit, replies, toError } from './replies.ts';
import { createTurns, orCancelled } from '../waiting/turns.ts';

/** A context that most computers have the memory for; the engine takes less when memory is short. */
const CONTEXT_MAX_TOKENS = 8_192;

export interface EngineSession {
  /** Rejects with a HearthError; ends within milliseconds of the signal, while the engine may take a moment longer. */
  ask(file: ModelFile, request: Omit<ChatRequest, 'model'>, signal: AbortSignal): AsyncGenerator<ChatEvent, void>;
  /** One vector a text. Rejects as `ask` does. */
  embed(file: ModelFile, texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>;
  /** Path of the model in memory, or of the one being read. */
  model(): { path: string; state: 'loading' | 'loaded' } | null;
  /** Of the engine, known once it has loaded a model. */
  version(): string | null;
  /** Why it can't run on this computer, known once it was tried; forgotten when it runs after all. */
  problem(): ErrorInfo | null;
  /** Ends what would happen by itself later. */
  stop(): void;
}

export interface SessionOptions {
  engine: Engine;
  settings: SettingsStore;
  memory: ReadMemory;
  needOf: NeedOf;
  /** Whether a package of node-llama-cpp is there. */
  isInstalled: (packageName: string) => boolean;
  after?: After | undefined;
  log?: Log | undefined;
}

/** What the turn after this one waits for. */
type Endable = Pick<EngineTask, 'end'>;

export function createSession(options: SessionOptions): EngineSession {
  const { engine, settings, memory, needOf, isInstalled, after, log } = options;
  const turns = createTurns();
  let current: { path: string; state: 'loading' | 'loaded'; key: string; contextMaxTokens: number } | null = null;
  let version: string | null = null;
  /** Counted once: asking the system takes some milliseconds. */
  let cores: number | null = null;
  let problem: ErrorInfo | null = null;
  const timing = after === undefined ? {} : { after };
  const idle = createIdle({
    minutes: () => settings.get().llamacpp.idleMinutes,
    onIdle: () => void unload('it was not asked any more'),
    ...timing,
  });
  const watch = watchMemory({
    memory,
    onShort: () => idle.isInUse() || void unload('memory is short'),
    ...timing,
    log,
  });
  engine.onExit(() => {
    current = null;
    watch.stop();
  });
  let { idleMinutes } = settings.get().llamacpp;
  const unfollow = settings.onChange(({ llamacpp }) => {
    if (llamacpp.idleMinutes === idleMinutes) return;
    ({ idleMinutes } = llamacpp);
    if (engine.pid() !== null) idle.renew();
  });

  /** Ends the process: then its memory is back for certain, also what the libraries would keep. */
  async function unload(why: string): Promise<void> {
    const giveBack = await turns.take(new AbortController().signal);
    try {
      // Somebody may have asked while it waited for its turn.
      if (idle.isInUse() || engine.pid() === null) return;
      await engine.end();
      log?.info('the engine was unloaded', { why });
    } finally {
      giveBack();
    }
  }

  /** Runs what needs the model, in its turn. Tasks are ended when it is over. */
  async function* inTurn(
    signal: AbortSignal,
    work: (tasks: Endable[]) => AsyncGenerator<ChatEvent, void>,
    keepMinutes?: number,
  ): AsyncGenerator<ChatEvent, void> {
    const free = idle.use();
    const tasks: Endable[] = [];
    let giveBack = (): void => {};
    try {
      giveBack = await turns.take(signal);
      yield* work(tasks);
    } finally {
      // The caller does not wait until the engine has obeyed; the next question does.
      const ended = Promise.all(tasks.map((task) => task.end()));
      void ended.then(giveBack).then(() => free(keepMinutes));
    }
  }

  /** Makes sure that the model is loaded, with room for so many tokens. Returns how long that took. */
  async function* ready(
    file: ModelFile,
    { contextTokens, signal, tasks }: { contextTokens: number; signal: AbortSignal; tasks: Endable[] },
  ): AsyncGenerator<ChatEvent, number> {
    const model = toLoad(file, contextTokens);
    const isThere =
      current?.state === 'loaded' && current.key === keyOf(model, file) && current.contextMaxTokens >= contextTokens;
    if (isThere) return 0;
    yield { type: 'loading', model: file.name };
    const beganAtMs = performance.now();
    // What fits onto a card with memory of its own is for the library to tell.
    if (model.gpu[0] !== 'auto') {
      const room = requireRoom(file, { memory, needOf, makeRoom: () => engine.end(), signal });
      // The next question must not meet a process that is being ended.
      tasks.push({ end: () => room.catch(() => {}) });
      await orCancelled(room, signal);
    }
    await orCancelled(engine.start(), signal).catch(remember);
    const loading = engine.send({ type: 'load', model });
    tasks.push(loading);
    await load(loading, model, file, signal).catch(remember);
    const loadMs = performance.now() - beganAtMs;
    log?.info('model loaded', { path: file.path, threads: model.threads, version, ms: Math.round(loadMs) });
    return loadMs;
  }

  async function* answer(
    file: ModelFile,
    request: Omit<ChatRequest, 'model'>,
    { signal, tasks, beganAtMs }: { signal: AbortSignal; tasks: Endable[]; beganAtMs: number },
  ): AsyncGenerator<ChatEvent, void> {
    const { contextTokens = CONTEXT_MAX_TOKENS } = request.options ?? {};
    const loadMs = yield* ready(file, { contextTokens, signal, tasks });
    const timeouts = limitsOf(settings.get(), 'llamacpp');
    const task = engine.send({
      type: 'chat',
      messages: request.messages.map(toEngine),
      options: toAnswerOptions(request),
    });
    tasks.push(task);
    yield* replies(task, { file, contextTokens, loadMs, beganAtMs, signal, timeouts, log });
  }

  async function load(task: EngineTask, model: ModelLoad, file: ModelFile, signal: AbortSignal): Promise<void> {
    const { loadMs } = limitsOf(settings.get(), 'llamacpp');
    const { contextMaxTokens } = model;
    current = { path: file.path, state: 'loading', key: '', contextMaxTokens };
    try {
      const reply = await task.next(signal, limit('backend_load_timeout', loadMs, { model: file.name }));
      if (reply.type !== 'loaded') throw toError(reply, file);
      current = { path: file.path, state: 'loaded', key: keyOf(model, file), contextMaxTokens };
      version = reply.version;
      problem = null;
      watch.start();
    } catch (error) {
      current = null;
      throw error;
    }
  }

  /** An engine that can't run here is told by `problem` from now on. */
  function remember(error: unknown): never {
    if (error instanceof HearthError && error.code === 'engine_unavailable') problem = error.toInfo();
    throw error;
  }

  function toLoad(file: ModelFile, contextMaxTokens: number): ModelLoad {
    cores ??= physicalCores();
    const { threads, gpuLayers } = settings.get().llamacpp;
    const gpu: GpuTry[] = gpuTries({ platform: process.platform, arch: process.arch, gpuLayers, isInstalled });
    return { path: file.path, threads: threadsFor(threads, cores), contextMaxTokens, gpu, gpuLayers };
  }

  return {
    ask(file, request, signal) {
      const beganAtMs = performance.now();
      return inTurn(signal, (tasks) => answer(file, request, { signal, tasks, beganAtMs }), request.keepAliveMinutes);
    },
    async embed(file, texts, signal) {
      const vectors: Float32Array[] = [];
      const work = async function* (tasks: Endable[]): AsyncGenerator<ChatEvent, void> {
        // Any context will do: a vector has one of its own.
        yield* ready(file, { contextTokens: current?.contextMaxTokens ?? CONTEXT_MAX_TOKENS, signal, tasks });
        const timeouts = limitsOf(settings.get(), 'llamacpp');
        const task = engine.send({ type: 'embed', texts: [...texts] });
        tasks.push(task);
        const reply = await task.next(signal, limit('backend_silent', timeouts.loadMs, {}));
        if (reply.type !== 'embedded') throw toError(reply, file);
        vectors.push(...reply.vectors.map((vector) => Float32Array.from(vector)));
      };
      for await (const event of inTurn(signal, work)) event satisfies ChatEvent;
      return vectors;
    },
    model: () => current,
    version: () => version,
    problem: () => problem,
    stop() {
      idle.stop();
      watch.stop();
      unfollow();
    },
  };
}

/** What makes a model in memory the one that is asked for: a file written anew or other settings load it again. */
function keyOf({ contextMaxTokens: _roomier, ...model }: ModelLoad, file: ModelFile): string {
  return JSON.stringify([model, file.sizeBytes, file.modifiedAtMs]);
}

/** How much a model thinks can't be set here, only whether. */
function toAnswerOptions({ options = {}, format, think }: Omit<ChatRequest, 'model'>): AnswerOptions {
  const { contextTokens: _atLoad, ...sampling } = options;
  return {
    ...sampling,
    ...(format === undefined ? {} : { format }),
    ...(think === false ? { think } : {}),
  };
}

/** What this engine can't read is not sent to it: its abilities say so. */
function toEngine({ role, content }: ChatRequest['messages'][number]): EngineMessage {
  return { role: role === 'tool' ? 'user' : role, content };
}
