// A question's way through the engine: its turn, the model loaded, the answer streamed, the engine free again.
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import type { ChatEvent, ChatRequest } from '../interface.ts';
import { physicalCores, threadsFor } from './cores.ts';
import type { Engine, EngineTask } from './engine.ts';
import type { ModelFile } from './model-files.ts';
import type { EngineMessage, ModelLoad } from './protocol.ts';
import { limit, replies, toError } from './replies.ts';
import { createTurns, orCancelled } from './turns.ts';

/** A context that most computers have the memory for; the engine takes less when memory is short. */
const CONTEXT_MAX_TOKENS = 8_192;

export interface EngineSession {
  /** Rejects with a HearthError; ends within milliseconds of the signal, while the engine may take a moment longer. */
  ask(file: ModelFile, request: Omit<ChatRequest, 'model'>, signal: AbortSignal): AsyncGenerator<ChatEvent, void>;
  /** Path of the model in memory, or of the one being read. */
  model(): { path: string; state: 'loading' | 'loaded' } | null;
  /** Of the engine, known once it has loaded a model. */
  version(): string | null;
  /** Why it can't run on this computer, known once it was tried; forgotten when it runs after all. */
  problem(): ErrorInfo | null;
}

export function createSession(options: {
  engine: Engine;
  settings: SettingsStore;
  log?: Log | undefined;
}): EngineSession {
  const { engine, settings, log } = options;
  const turns = createTurns();
  let current: { path: string; state: 'loading' | 'loaded'; key: string } | null = null;
  let version: string | null = null;
  /** Counted once: asking the system takes some milliseconds. */
  let cores: number | null = null;
  let problem: ErrorInfo | null = null;
  engine.onExit(() => {
    current = null;
  });

  async function* ask(file: ModelFile, request: Omit<ChatRequest, 'model'>, signal: AbortSignal) {
    const beganAtMs = performance.now();
    const giveBack = await turns.take(signal);
    const tasks: EngineTask[] = [];
    try {
      const model = toLoad(file);
      let loadMs = 0;
      if (current?.state !== 'loaded' || current.key !== keyOf(model, file)) {
        yield { type: 'loading' as const, model: file.name };
        const loadBeganAtMs = performance.now();
        await orCancelled(engine.start(), signal).catch(remember);
        const loading = engine.send({ type: 'load', model });
        tasks.push(loading);
        await load(loading, model, file, signal).catch(remember);
        loadMs = performance.now() - loadBeganAtMs;
        log?.info('model loaded', { path: file.path, threads: model.threads, ms: Math.round(loadMs) });
      }
      const { timeouts } = settings.get();
      const answer = engine.send({
        type: 'chat',
        messages: request.messages.map(toEngine),
        options: request.options ?? {},
      });
      tasks.push(answer);
      yield* replies(answer, { file, loadMs, beganAtMs, signal, timeouts, log });
    } finally {
      // The caller does not wait until the engine has obeyed; the next question does.
      void Promise.all(tasks.map((task) => task.end())).then(giveBack);
    }
  }

  async function load(task: EngineTask, model: ModelLoad, file: ModelFile, signal: AbortSignal): Promise<void> {
    const { loadMs } = settings.get().timeouts;
    current = { path: file.path, state: 'loading', key: '' };
    try {
      const reply = await task.next(signal, limit('backend_load_timeout', loadMs, { model: file.name }));
      if (reply.type !== 'loaded') throw toError(reply, file);
      current = { path: file.path, state: 'loaded', key: keyOf(model, file) };
      version = reply.version;
      problem = null;
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

  function toLoad(file: ModelFile): ModelLoad {
    cores ??= physicalCores();
    const threads = threadsFor(settings.get().llamacpp.threads, cores);
    return { path: file.path, threads, contextMaxTokens: CONTEXT_MAX_TOKENS };
  }

  return {
    ask,
    model: () => current,
    version: () => version,
    problem: () => problem,
  };
}

/** What makes a model in memory the one that is asked for: a file written anew or other settings load it again. */
function keyOf(model: ModelLoad, file: ModelFile): string {
  return JSON.stringify([model, file.sizeBytes, file.modifiedAtMs]);
}

/** What this engine can't read is not sent to it: its abilities say so. */
function toEngine({ role, content }: ChatRequest['messages'][number]): EngineMessage {
  return { role: role === 'tool' ? 'user' : role, content };
}
