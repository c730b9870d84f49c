// The built-in engine as a backend: which model file a question goes to, and how the engine is.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BackendAbility } from '../../../contract/backends.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { Log } from '../../diagnostics/index.ts';
import { HearthError, toErrorInfo } from '../../errors/index.ts';
import { leastNeedOf, memoryNow } from '../../models/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import type { After } from '../waiting/after.ts';
import type { Backend, BackendHealth, ChatRequest, LocalEngine } from '../interface.ts';
import { createEngine } from './engine.ts';
import { createFileFacts } from './file-facts.ts';
import { isInstalledAt } from './gpu.ts';
import type { ReadMemory } from './memory.ts';
import { listModelFiles, modelName, type ModelFile, pathOfModel, readModelFile } from './model-files.ts';
import { findNode } from './node-binary.ts';
import { BACKEND } from './replies.ts';
import { createSession } from './session.ts';

const LABEL = 'Built-in engine';
const ABILITIES: readonly BackendAbility[] = ['thinking', 'format', 'embeddings'];

export interface LlamaEngine extends LocalEngine {
  /** The engine process while it runs. */
  pid(): number | null;
}

export interface LlamaEngineOptions {
  /** The program that Node runs: llama-engine.js when built, engine-process.ts in tests. */
  enginePath: string;
  /** The folder of the installation. */
  appRoot: string;
  settings: SettingsStore;
  modelsFolder: string;
  env?: NodeJS.ProcessEnv;
  log?: Log;
  /** Of this computer; a test's own. */
  memory?: ReadMemory;
  after?: After;
}

/** Nothing is started before the first question. All backends made here share one process with one model in memory. */
export function createLlamaEngine(options: LlamaEngineOptions): LlamaEngine {
  const { settings, modelsFolder, log, appRoot, env = process.env } = options;
  let isStopped = false;
  const engine = createEngine({ enginePath: options.enginePath, env, findNode: () => findNode({ appRoot, env }) });
  const session = createSession({
    engine,
    settings,
    memory: options.memory ?? memoryNow,
    needOf: leastNeedOf,
    isInstalled: (name) => isInstalledAt(appRoot, name),
    after: options.after,
    log,
  });
  engine.onExit(({ how, lastWords, isExpected }) => {
    if (!isExpected) log?.warn('the engine process ended', { how, lastWords });
  });

  const facts = createFileFacts();
  /** As last seen, for the questions that a backend answers at once: the models there are, and the one of the folder. */
  let known: ModelFile[] = [];
  let firstInFolder: ModelFile | null = null;

  /** The models folder, and the file of the settings when it lies elsewhere. */
  async function look(): Promise<ModelFile[]> {
    const { modelPath } = settings.get().llamacpp;
    const listed = await listModelFiles(modelsFolder);
    const chosen = modelPath === null ? null : await readModelFile(resolve(modelPath)).catch(() => null);
    known = chosen === null || listed.some(({ path }) => path === chosen.path) ? listed : [chosen, ...listed];
    return known;
  }

  /** The file a question goes to. Rejects with `model_not_found`, `no_model_file`, `model_file_missing` or `model_file_invalid`. */
  async function choose(requested: string | null): Promise<ModelFile> {
    const { modelPath } = settings.get().llamacpp;
    if (requested === null && modelPath !== null) return readModelFile(resolve(modelPath));
    const files = await look();
    if (requested !== null) {
      const wanted = findFile(files, requested);
      if (wanted !== undefined) return readModelFile(wanted.path);
      throw notFound(requested, await facts.answering(files));
    }
    const [first] = await facts.answering(files);
    firstInFolder = first ?? null;
    if (first !== undefined) return readModelFile(first.path);
    // None that can answer: what is wrong with one that should is more than that there is none.
    for (const file of files) if ((await facts.of(file)) === null) return readModelFile(file.path);
    throw new HearthError('no_model_file', { path: modelsFolder });
  }

  /** The path of the model that a question without a choice of its own goes to, as last seen. */
  function defaultPath(): string | null {
    const { modelPath } = settings.get().llamacpp;
    return modelPath === null ? (firstInFolder?.path ?? null) : resolve(modelPath);
  }

  function create(which: {
    file: (requested: string | null) => Promise<ModelFile>;
    files: () => Promise<ModelFile[]>;
    path: (model: string | null) => string | null;
  }): Backend {
    const describe = (model: string | null) => ({ url: `llamacpp://${which.path(model) ?? ''}`, host: null });

    return {
      id: 'llamacpp',
      kind: 'llamacpp',
      label: LABEL,
      abilities: ABILITIES,
      lane: 'llamacpp',
      concurrency: 1,
      describe,
      modelFor(requested) {
        const path = which.path(requested);
        return path === null ? requested : modelName(path);
      },
      async architecture(requested) {
        // A file that can't be used is told by the question.
        const file = await which.file(requested).catch(() => null);
        return file === null ? null : ((await facts.of(file))?.architecture ?? null);
      },
      goesOn: () => true,
      async models() {
        return Promise.all((await which.files()).map((file) => facts.info(file)));
      },
      async look(): Promise<BackendHealth> {
        const files = await which.files().catch(() => []);
        const { state, problem } = await which
          .file(null)
          .then(stateOf, (error: unknown) => unavailable(toErrorInfo(error)));
        return {
          ...describe(null),
          state,
          isOwned: engine.pid() !== null,
          version: session.version(),
          latencyMs: null,
          models: await Promise.all(files.map((file) => facts.info(file))),
          problem,
        };
      },
      async *chat(request: ChatRequest, signal) {
        if (isStopped || signal.aborted) throw new HearthError('cancelled');
        yield* session.ask(await which.file(request.model), request, signal);
      },
      async embed(texts, { model, signal }) {
        if (isStopped || signal.aborted) throw new HearthError('cancelled');
        return session.embed(await which.file(model), texts, signal);
      },
    };
  }

  function stateOf(file: ModelFile): { state: BackendHealth['state']; problem: ErrorInfo | null } {
    const problem = session.problem();
    if (problem !== null) return unavailable(problem);
    const model = session.model();
    if (model?.path !== file.path) return { state: 'asleep', problem: null };
    return { state: model.state === 'loaded' ? 'ready' : 'starting', problem: null };
  }

  return {
    backend: () =>
      create({
        file: choose,
        files: async () => facts.answering(await look()),
        path: (model) => (model === null ? defaultPath() : (findFile(known, model)?.path ?? null)),
      }),
    forFile(given) {
      const path = pathOfModel(given, modelsFolder);
      const file = async () => {
        const isName = !/[\\/]|\.gguf$/i.test(given);
        if (isName && !existsSync(path)) throw notFound(given, await facts.answering(await look()));
        return readModelFile(path);
      };
      return create({ file, files: async () => [await file()], path: () => path });
    },
    pid: () => engine.pid(),
    async stop() {
      isStopped = true;
      session.stop();
      await engine.stop();
    },
  };
}

/** By name, with or without `.gguf`, or by path. */
function findFile(files: ModelFile[], requested: string): ModelFile | undefined {
  return files.find(({ name, path }) => name === modelName(requested) || path === resolve(requested));
}

function notFound(model: string, files: ModelFile[]): HearthError {
  const installed = files.map(({ name }) => name).join(', ') || '–';
  return new HearthError('model_not_found', { backend: BACKEND, model, installed });
}

function unavailable(problem: ErrorInfo): { state: BackendHealth['state']; problem: ErrorInfo } {
  return { state: 'unavailable', problem };
}
