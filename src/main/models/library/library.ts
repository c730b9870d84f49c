// The library: what is installed here, and everything one can do with it. Puts the parts of this folder together.
import type { Download } from '../../../contract/downloads.ts';
import type { InstalledModel, ModelRef, ModelsStatus } from '../../../contract/models.ts';
import { UNDO_MS } from '../../../contract/limits.ts';
import type { Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { isCloudModel, type Places } from '../../ollama/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { modelKey, requireModelName } from '../downloads/name.ts';
import type { FitMeter } from '../fit/interface.ts';
import type { ReadGguf } from '../gguf/interface.ts';
import type { Library } from '../interface.ts';
import { within } from '../../waits/index.ts';
import { createAccess, notFound, withNames } from './access.ts';
import { createAudience } from './audience.ts';
import { createBuiltinFiles } from './builtin-files.ts';
import { createClaims } from './claims.ts';
import { contextRoom } from './context-room.ts';
import { type ContextPlansOptions, createContextPlans, planSettings } from './context-plans.ts';
import { createDeletions } from './deletions.ts';
import { detailsOfFile, detailsOfShown, factsOfFile } from './details.ts';
import { clearLeftovers } from './disk.ts';
import { editModel } from './edit.ts';
import { createFileCalls } from './file-calls.ts';
import { createFollower } from './follow.ts';
import { createInventory, type ModelUse } from './inventory.ts';
import { loadModel, requireOllama, unloadModel } from './memory.ts';
import { finishMove } from './move-folder.ts';
import type { FollowedEngine } from './own-engine.ts';
import { createRemovals } from './removals.ts';
import { factsOfShown } from './shown.ts';
import { createWorks } from './work.ts';

export interface LibraryOptions {
  places: Places;
  engine: FollowedEngine;
  settings: SettingsStore;
  /** Hearth's own folder of GGUF files. */
  modelsFolder: string;
  readGguf: ReadGguf;
  fitOf: FitMeter['fitOf'];
  /** What the user set for models of this kind, in tokens. Default: nothing. */
  wishedContext?: ContextPlansOptions['wished'];
  /** Sets it. */
  wishContext?: (model: string, architecture: string | null, tokens: number) => Promise<void>;
  /** When each model answered last; empty while the history is closed. */
  modelUses: () => Promise<readonly ModelUse[]>;
  /** Null while the history is closed: nobody knows then. */
  downloads: () => readonly Pick<Download, 'model' | 'state'>[] | null;
  /** Ends our own Ollama when it runs; the returned function starts it again then, with the settings as they are. */
  pauseEngine: () => Promise<() => Promise<void>>;
  /** Called when a model came or went since the last look, with the names of Ollama's that went. */
  onModels?: (gone: readonly string[]) => void;
  env: NodeJS.ProcessEnv;
  log: Log;
  now?: () => number;
  /** How long a deletion can be taken back. Default 10 s. */
  removeAfterMs?: number;
  /** How often memory is looked at while somebody watches. Default 30 s. */
  pollMs?: number;
}

const TELL_EVERY_MS = 250;
/** A work that waits for the engine is not waited for longer when Hearth stops. */
const STOP_LIMIT_MS = 5_000;

export function createLibrary(options: LibraryOptions): Library {
  const { places, settings, readGguf, fitOf, downloads, env, log } = options;
  const now = options.now ?? Date.now;
  const life = new AbortController();
  let unfollowSettings: (() => void) | null = null;
  let stopping: Promise<void> | null = null;

  const onError = (error: unknown) => log.error('A listener of the library failed', { error });
  const audience = createAudience({ current: status, everyMs: TELL_EVERY_MS, onError });
  const onChange = audience.tell;
  const access = createAccess({ places, settings });
  const plans = createContextPlans({
    managerOf: access.managerOf,
    fitOf,
    wished: options.wishedContext ?? (() => null),
  });
  const works = createWorks({ onChange });
  const removals = createRemovals({
    delayMs: options.removeAfterMs ?? UNDO_MS,
    now,
    isSame,
    onChange,
  });
  const claims = createClaims({ works, removals, downloads, onChange });
  const builtin = createBuiltinFiles({
    folder: options.modelsFolder,
    chosen: () => settings.get().llamacpp.modelPath,
    readGguf,
  });
  const inventory = createInventory({
    places,
    managerOf: access.managerOf,
    settings,
    builtin,
    env,
    now,
    onChange: onLooked,
    modelUses: options.modelUses,
    needsParts: claims.needsParts,
    life: life.signal,
  });
  const deletions = createDeletions({ access, places, settings, inventory, claims, removals, log });
  const { pauseEngine } = options;
  const files = createFileCalls({
    access,
    places,
    settings,
    inventory,
    claims,
    works,
    readGguf,
    fitOf,
    downloads,
    pauseEngine,
    life: life.signal,
  });
  const follower = createFollower({ engine: options.engine, inventory, pollMs: options.pollMs ?? 30_000 });

  let seen: readonly Pick<InstalledModel, 'engine' | 'name'>[] | null = null;
  function onLooked(): void {
    const before = seen;
    const now = (seen = inventory.installed() ?? []);
    onChange();
    if (before === null || namesOf(before) === namesOf(now)) return;
    const isHere = (one: Pick<InstalledModel, 'engine' | 'name'>) => now.some((other) => isSame(one, other));
    options.onModels?.(before.filter((one) => one.engine === 'ollama' && !isHere(one)).map(({ name }) => name));
  }

  function status(): ModelsStatus {
    return {
      installed: inventory.installed(),
      problem: inventory.problem() ?? deletions.problem(),
      disk: inventory.disk(),
      removing: removals.list(),
      loading: [...claims.loading],
      work: works.list(),
    };
  }

  const whileOpen = (signal: AbortSignal) => AbortSignal.any([signal, life.signal]);

  /** What Ollama refuses for want of a model says which ones there are. */
  async function named<T>(call: Promise<T>): Promise<T> {
    try {
      return await call;
    } catch (error) {
      throw withNames(error, inventory.installed());
    }
  }

  async function known(ref: ModelRef): Promise<Pick<InstalledModel, 'name' | 'engine'>> {
    const find = () =>
      ref.engine === 'ollama' ? inventory.ollamaModel(ref.name) : (inventory.file(ref.name)?.model ?? null);
    if (find() === null) await inventory.lookAnew();
    const found = find();
    if (found === null) throw notFound(ref.name, inventory.installed());
    return { name: found.name, engine: found.engine };
  }

  async function detailsOf(ref: ModelRef, signal: AbortSignal) {
    if (ref.engine === 'ollama') {
      const { place, manager } = await access.open(signal);
      const shown = await manager.show(ref.name, signal);
      const contextTokens = await plans.planShown(place, ref.name, shown);
      return detailsOfShown(ref.name, shown, { listed: inventory.ollamaModel(ref.name), fitOf, contextTokens });
    }
    await known(ref);
    const file = inventory.file(ref.name);
    if (file === null) throw notFound(ref.name, inventory.installed());
    return detailsOfFile(file, fitOf);
  }

  /** Of a model on this computer. */
  async function builtOf(ref: ModelRef, signal: AbortSignal) {
    if (ref.engine === 'ollama') {
      const { place, manager } = await access.open(signal);
      const listed = inventory.ollamaModel(ref.name);
      if (!place.isLocal || isCloudModel(ref.name) || listed === null) throw notFound(ref.name, inventory.installed());
      const shown = await manager.show(ref.name, signal);
      return { architecture: shown.family, facts: { ...factsOfShown(shown, listed.sizeBytes), loaded: listed.loaded } };
    }
    await known(ref);
    const file = inventory.file(ref.name);
    if (file === null) throw notFound(ref.name, inventory.installed());
    return { architecture: file.model.family, facts: factsOfFile(file.facts, file.model.sizeBytes) };
  }

  async function copy(from: string, to: string, signal: AbortSignal): Promise<void> {
    const { place, manager } = await access.open(signal);
    const listed = await place.client.list(signal);
    if (listed.some(({ name }) => modelKey(name) === modelKey(to)))
      throw new HearthError('model_exists', { model: to });
    await manager.copy(from, to, signal);
  }

  /** What is installed and what is planned depends on them. */
  function followSettings(): () => void {
    const pathsOf = () => JSON.stringify([settings.get().engine.modelsFolder, settings.get().llamacpp.modelPath]);
    let paths = pathsOf();
    let planned = planSettings(settings.get());
    return settings.onChange(() => {
      if (planned !== planSettings(settings.get())) plans.forget();
      planned = planSettings(settings.get());
      if (paths === pathsOf()) return;
      paths = pathsOf();
      void inventory.lookAnew();
    });
  }

  async function stop(): Promise<void> {
    follower.stop();
    unfollowSettings?.();
    life.abort(new HearthError('cancelled'));
    audience.stop();
    await within(STOP_LIMIT_MS, Promise.all([removals.stop(), works.stop()]));
    access.close();
  }

  return {
    status,
    contextPlans: plans,
    onChange(listener) {
      const remove = audience.add(listener);
      follower.setWatched(true);
      return () => {
        remove();
        follower.setWatched(audience.size() > 0);
      };
    },
    async refresh() {
      await inventory.lookAnew();
      return status();
    },
    details: (ref, signal) => named(detailsOf(ref, whileOpen(signal))),
    async contextRoom({ setTokens, neededTokens, ...ref }, signal) {
      const { architecture, facts } = await named(builtOf(ref, whileOpen(signal)));
      return contextRoom({
        setTokens,
        neededTokens,
        canTokens: facts.contextLength === null ? null : Math.round(facts.contextLength),
        wishedTokens: options.wishedContext?.(ref.name, architecture) ?? null,
        fitWith: (tokens) => fitOf(facts, tokens),
      });
    },
    async allowContext(ref, tokens, signal) {
      const { architecture } = await named(builtOf(ref, whileOpen(signal)));
      await options.wishContext?.(ref.name, architecture, tokens);
    },
    async load(ref, signal) {
      requireOllama(ref);
      const load = () => loadModel(ref, { access, places, settings, inventory, plans }, whileOpen(signal));
      await named(claims.whileLoading(ref.name, load));
    },
    unload: (ref, signal) => named(unloadModel(ref, { access, places, settings, inventory, plans }, whileOpen(signal))),
    async remove(ref) {
      if (ref.engine === 'ollama') claims.requireFree(ref.name);
      deletions.announce(await known(ref));
      return status();
    },
    undoRemove(ref) {
      removals.takeBack(ref);
      return Promise.resolve(status());
    },
    async copy(from, to, signal) {
      requireModelName(to);
      await named(claims.changing(to, () => copy(from, to, whileOpen(signal))));
      await inventory.lookAnew();
    },
    async edit(input, signal) {
      if (inventory.ollamaModel(input.name) === null && inventory.file(input.name) !== null)
        throw new HearthError('model_not_editable', { model: input.name });
      const edit = async () => editModel(input, (await access.open(whileOpen(signal))).manager, whileOpen(signal));
      await named(claims.changing(input.name, edit));
      await inventory.lookAnew();
      return named(detailsOf({ name: input.name, engine: 'ollama' }, whileOpen(signal)));
    },
    async clearLeftovers() {
      const folder = inventory.folder();
      if (folder === null) return { freedBytes: 0 };
      const isBusy = () => claims.needsParts() || claims.isMoving();
      const freed = await clearLeftovers(folder, { isBusy, nowMs: now() });
      await inventory.lookAnew();
      return freed;
    },
    inspectFile: (file, signal) => files.inspect(file, whileOpen(signal)),
    // oxlint-disable-next-line typescript/require-await -- what it throws is a rejection for the caller
    importFile: async (input) => files.beginImport(input),
    moveFolder: (to) => files.beginMove(to),
    cancelWork: (id) => works.cancel(id),
    start() {
      // Again when the history is opened anew: it follows already.
      if (unfollowSettings !== null || stopping !== null) return;
      follower.start();
      unfollowSettings = followSettings();
      const { modelsFolder } = settings.get().engine;
      if (modelsFolder !== null)
        finishMove(modelsFolder).catch((error: unknown) => log.warn('A move of models was not finished', { error }));
      void inventory.look();
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** In a form that can be compared: which come and go, in whatever order. */
function namesOf(models: readonly Pick<InstalledModel, 'engine' | 'name'>[]): string {
  return JSON.stringify(models.map(({ engine, name }) => `${engine} ${name}`).toSorted());
}

function isSame(a: Pick<ModelRef, 'name' | 'engine'>, b: Pick<ModelRef, 'name' | 'engine'>): boolean {
  return a.engine === b.engine && keyOf(a) === keyOf(b);
}

function keyOf({ name, engine }: Pick<ModelRef, 'name' | 'engine'>): string {
  return engine === 'ollama' ? modelKey(name) : name;
}
