// What is installed, as far as it is known: Ollama's list, the built-in engine's files, memory and disk.
import os from 'node:os';
import path from 'node:path';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { InstalledModel, ModelsStatus } from '../../../contract/models.ts';
import { HearthError, toErrorInfo } from '../../errors/index.ts';
import { OLLAMA_LABEL, type OllamaManager, type Place, type Places, withLimit } from '../../ollama/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { answerLimitMs } from '../../waits/index.ts';
import { modelKey } from '../downloads/name.ts';
import type { BuiltinFile, BuiltinFiles } from './builtin-files.ts';
import { diskSpace } from './disk.ts';
import { createLearning, withLoaded } from './ollama-models.ts';

type Known = Omit<InstalledModel, 'lastUsedAtMs'>;

export interface Inventory {
  /** By last use, then by name; null before the first look. */
  installed(): InstalledModel[] | null;
  problem(): ErrorInfo | null;
  disk(): ModelsStatus['disk'];
  /** Looks at everything; concurrent calls share one look. Never rejects, wakes nobody. */
  look(): Promise<void>;
  /** A look that begins after this call: what was just changed is in it. */
  lookAnew(): Promise<void>;
  /** Looks only at what is in memory, and when each answered last. Never rejects. */
  lookAtLoaded(): Promise<void>;
  ollamaModel(name: string): Known | null;
  file(name: string): BuiltinFile | null;
  /** Of the Ollama that answers, or that would be started; null where this computer does not hold it. */
  folder(): string | null;
}

export interface ModelUse {
  engine: InstalledModel['engine'];
  /** As it was asked for. */
  model: string;
  lastUsedAtMs: number;
}

export interface InventoryOptions {
  places: Places;
  managerOf: (place: Place) => OllamaManager;
  settings: SettingsStore;
  builtin: BuiltinFiles;
  /** When each model answered last; empty while the history is closed. */
  modelUses: () => Promise<readonly ModelUse[]>;
  /** A download may go on with the parts that lie in the models folder. */
  needsParts: () => boolean;
  env: NodeJS.ProcessEnv;
  now: () => number;
  life: AbortSignal;
  onChange: () => void;
}

const LOOK_LIMIT_MS = 20_000;

export function createInventory(options: InventoryOptions): Inventory {
  const { places, managerOf, settings, builtin, env, now, life, onChange } = options;
  let learning = createLearning();
  let learnedAt: string | null = null;
  let ollama: { lane: string; models: Known[] } | null = null;
  let files: BuiltinFile[] = [];
  let uses: ReadonlyMap<string, number> = new Map();
  let problem: ErrorInfo | null = null;
  let disk: ModelsStatus['disk'] = null;
  let hasLooked = false;
  let isAnswering = false;
  let looking: Promise<void> | null = null;

  async function lookOnce(): Promise<void> {
    const late = new AbortController();
    const timer = setTimeout(() => {
      late.abort(new HearthError('backend_silent', { backend: OLLAMA_LABEL, seconds: LOOK_LIMIT_MS / 1000 }));
    }, LOOK_LIMIT_MS);
    const signal = AbortSignal.any([life, late.signal]);
    try {
      [files, uses] = await Promise.all([
        builtin.list(signal).catch(() => files),
        options.modelUses().then(byModel, () => uses),
        lookAtOllama(signal),
      ]);
      await lookAtDisk();
    } finally {
      clearTimeout(timer);
    }
    hasLooked = true;
    onChange();
  }

  async function lookAtOllama(signal: AbortSignal): Promise<void> {
    try {
      const lane = places.laneHost();
      if (ollama?.lane !== lane) ollama = null;
      const place = places.now();
      if (learnedAt !== place.origin) learning = createLearning();
      learnedAt = place.origin;
      const { client } = place;
      const lists = (ends: AbortSignal) => Promise.all([client.list(ends), client.loaded(ends).catch(() => [])]);
      const [listed, loaded] = await whileAnswering(place, lists, signal);
      const manager = managerOf(place);
      const show = (name: string, ends: AbortSignal) => manager.show(name, ends);
      const models = await learning.complete(listed, show, signal);
      ollama = { lane, models: withLoaded(models, loaded) };
      problem = null;
      isAnswering = true;
    } catch (error) {
      isAnswering = false;
      problem = toErrorInfo(error instanceof HearthError ? places.explain(error) : error);
      // The rest stays known; nothing is in the memory of a server that does not answer.
      if (ollama !== null) ollama = { ...ollama, models: withLoaded(ollama.models, []) };
    }
  }

  /** Lists may take a while on a slow disk; a server that does not even tell its version in time hangs. */
  async function whileAnswering<T>(
    { client, host }: Place,
    ask: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const hangs = new AbortController();
    const ms = answerLimitMs(settings.get().timeouts.connectMs);
    const late = () => new HearthError('backend_no_answer', { host, seconds: ms / 1_000 });
    const asked = ask(AbortSignal.any([signal, hangs.signal]));
    // It is told with the version, or below.
    asked.catch(() => undefined);
    await withLimit(signal, { ms, late }, (limited) => client.version(limited)).catch((error: unknown) => {
      hangs.abort(error);
      throw error;
    });
    return asked;
  }

  async function lookAtDisk(): Promise<void> {
    const at = folder();
    disk = at === null ? null : await diskSpace(at, { isBusy: options.needsParts(), nowMs: now() });
  }

  function look(): Promise<void> {
    looking ??= lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  }

  function folder(): string | null {
    const usual = env.OLLAMA_MODELS || path.join(os.homedir(), '.ollama', 'models');
    const ours = settings.get().engine.modelsFolder ?? usual;
    try {
      const place = places.now();
      if (!place.isLocal) return null;
      // The settings may have changed since it was started.
      if (place.isOwned) return places.ownModelsFolder() ?? usual;
      if (!isAnswering) return places.hasBeenSeen() && learnedAt === place.origin ? (learning.folder() ?? ours) : ours;
    } catch (error) {
      // Only our own server is meant, and it does not run. An address that can't be read is nowhere.
      return error instanceof HearthError && error.code === 'backend_unreachable' ? ours : null;
    }
    // Somebody else's: a service keeps its models elsewhere, and names the place in its Modelfiles.
    const told = learning.folder();
    return told !== null && path.isAbsolute(told) ? told : usual;
  }

  const usedAt = ({ name, engine }: Known): number | null => uses.get(useKey(engine, name)) ?? null;

  return {
    installed() {
      if (!hasLooked) return null;
      return [...(ollama?.models ?? []), ...files.map(({ model }) => model)]
        .map((model) => ({ ...model, lastUsedAtMs: usedAt(model) }))
        .toSorted((a, b) => (b.lastUsedAtMs ?? 0) - (a.lastUsedAtMs ?? 0) || a.name.localeCompare(b.name));
    },
    problem: () => problem,
    disk: () => disk,
    look,
    async lookAnew() {
      await looking;
      await look();
    },
    async lookAtLoaded() {
      const latest = await options.modelUses().then(byModel, () => uses);
      const isUsedAnew = JSON.stringify([...latest]) !== JSON.stringify([...uses]);
      uses = latest;
      if (isUsedAnew) onChange();
      if (ollama === null || !isAnswering) return;
      const { models, lane } = ollama;
      try {
        const limit = AbortSignal.timeout(settings.get().timeouts.connectMs);
        const loaded = await places.now().client.loaded(AbortSignal.any([life, limit]));
        // A look may have come in between.
        if (ollama.models !== models) return;
        const after = withLoaded(models, loaded);
        ollama = { lane, models: after };
        if (JSON.stringify(after) !== JSON.stringify(models)) onChange();
      } catch {
        // Gone meanwhile, or too busy to say: the engine's own change leads to a look at everything.
      }
    },
    ollamaModel: (name) => ollama?.models.find((model) => modelKey(model.name) === modelKey(name)) ?? null,
    file: (name) => files.find(({ model }) => model.name === name) ?? null,
    folder,
  };
}

const useKey = (engine: InstalledModel['engine'], name: string) =>
  `${engine} ${engine === 'ollama' ? modelKey(name) : name}`;

/** A model may have been asked for by several of its names. */
function byModel(list: readonly ModelUse[]): ReadonlyMap<string, number> {
  const latest = new Map<string, number>();
  for (const { engine, model, lastUsedAtMs } of list) {
    const key = useKey(engine, model);
    latest.set(key, Math.max(latest.get(key) ?? 0, lastUsedAtMs));
  }
  return latest;
}
