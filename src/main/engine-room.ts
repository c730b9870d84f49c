// The engines, the models and what looks after them, made and joined: the part of the services that needs no history.
import path from 'node:path';
import {
  type BackendListLife,
  type Backends,
  createBackendList,
  createBackends,
  createLlamaEngine,
  createMlxEngine,
  limitsOf,
  physicalCores,
  familyOf,
  threadsFor,
  wishedContext,
} from './backends/index.ts';
import type { Log } from './diagnostics/index.ts';
import {
  type CatalogueShelf,
  createCatalogueShelf,
  createFitMeter,
  createHardware,
  createLibrary,
  type Downloads,
  followOllama,
  type Library,
  pauseOllama,
  readGguf,
} from './models/index.ts';
import {
  addressReader,
  createActivityBoard,
  createEngine,
  createInstaller,
  createOllamaServer,
  createPlaces,
  type EngineLife,
  type Installer,
  type Places,
} from './ollama/index.ts';
import type { Programs } from './programs.ts';
import { modelsFolder, type SecretStore, type SettingsStore } from './settings/index.ts';
import type { Storage } from './storage/index.ts';

export interface EngineRoomOptions {
  /** The data folder. */
  folder: string;
  env: NodeJS.ProcessEnv;
  programs: Programs;
  settings: SettingsStore;
  secrets: SecretStore;
  log: Log;
  /** What the open history knows of models; null while it is closed. */
  kept: () => { storage: Pick<Storage, 'modelUses'>; downloads: Pick<Downloads, 'status' | 'forget'> } | null;
}

export interface EngineRoom {
  places: Places;
  backends: Backends;
  backendList: BackendListLife;
  engine: EngineLife;
  installer: Installer;
  library: Library;
  catalogue: CatalogueShelf;
}

/** Nothing is started or looked for until somebody asks, or `backends.start()` and `library.start()` are called. */
export function createEngineRoom(options: EngineRoomOptions): EngineRoom {
  const { folder, env, programs, settings, secrets, log, kept } = options;
  const useEngine = (use: 'found' | 'own') => {
    settings
      .set({ engine: { use } })
      .catch((error: unknown) => log.warn('The setting could not be written', { error }));
    // What failed before, failed with another program.
    ollamaServer.renew();
    engine.refresh();
    // The setting may have been the same before. While the history is closed nothing is looked for.
    if (kept() !== null) void backends.check();
  };
  const installer = createInstaller({
    dataFolder: folder,
    env,
    baseUrl: () => settings.get().install.baseUrl,
    proxy: () => settings.get().engine.proxy,
    running: {
      program() {
        const server = ollamaServer.state();
        if (server.state === 'ready') return server.program;
        return server.state === 'stopped' || server.state === 'failed' ? null : ollamaServer.find();
      },
      isAnswering: () => board.current().length > 0,
      stop: () => ollamaServer.stop(),
    },
    onInstalled: () => useEngine('own'),
    onRemoved: () => useEngine('found'),
    log,
  });
  const ollamaServer = createOllamaServer({
    folder: path.join(folder, 'logs'),
    pidPath: path.join(folder, 'ollama.pid'),
    env,
    settings: () => settings.get().engine,
    ownProgram: () => installer.program(),
    onFileError: (error) => log.warn('A file about Ollama could not be used', { error }),
  });
  const llama = createLlamaEngine({
    enginePath: programs.llamaEngine,
    appRoot: programs.appRoot,
    settings,
    modelsFolder: modelsFolder(folder),
    env,
    log,
  });
  const mlx = createMlxEngine({ settings, env, pidPath: path.join(folder, 'mlx.pid'), log });
  let ownThreads: number | null = null;
  const places = createPlaces({
    address: addressReader(() => settings.get().ollama.address, env),
    server: ollamaServer,
    isStartAllowed: () => settings.get().ollama.startWhenNeeded,
    isOwnOnly: () => settings.get().engine.use === 'own' && !settings.get().ollama.address?.trim(),
    connectTimeoutMs: () => limitsOf(settings.get(), 'ollama').connectMs,
    // As the built-in engine does: with every core taken, the window and each token wait for each other.
    ownThreads: () => (ownThreads ??= threadsFor(0, physicalCores())),
  });
  const board = createActivityBoard();
  const backendList = createBackendList({
    isLookedAt: true,
    settings,
    secrets,
    listed: () => backends.status().backends,
    // While the history is closed nothing is looked for.
    onAccessChange: () => void (kept() !== null && backends.check()),
    log,
  });
  const meter = createFitMeter({
    settings,
    hardware: createHardware({ cores: physicalCores }),
    givenContext: env.OLLAMA_CONTEXT_LENGTH,
  });
  const library = createLibrary({
    places,
    engine: followOllama({ server: ollamaServer, places, board }),
    settings,
    modelsFolder: modelsFolder(folder),
    readGguf,
    fitOf: (facts, contextLength) => meter.fitOf(facts, contextLength),
    wishedContext: (model, architecture) => wishedContext(settings.get().families, model, architecture),
    async wishContext(model, architecture, contextTokens) {
      const { id } = familyOf(model, architecture);
      await settings.set({ families: { [id]: { ...settings.get().families[id], contextTokens } } });
    },
    modelUses: async () => (await kept()?.storage.modelUses()) ?? [],
    downloads: () => kept()?.downloads.status().downloads ?? null,
    pauseEngine: () => pauseOllama({ server: ollamaServer, places }),
    // Lists of models to choose from are told by the backends.
    onModels(gone) {
      const history = kept();
      if (history === null) return;
      backends.lookAgain();
      for (const name of gone)
        history.downloads
          .forget(name)
          .catch((error: unknown) => log.warn('A download could not be forgotten', { error }));
    },
    env,
    log,
  });
  const backends = createBackends({
    settings,
    places,
    ollamaServer,
    llama,
    mlx,
    plans: library.contextPlans,
    board,
    env,
    accessOf: (id) => backendList.accessOf(id),
    secretsIn: () => secrets.protection(),
    log,
  });
  const engine = createEngine({
    server: ollamaServer,
    places,
    board,
    isOwnProgram: (program) => program === installer.program(),
    lookMs: () => limitsOf(settings.get(), 'ollama').connectMs,
  });
  settings.onChange(() => engine.refresh());

  const catalogue = createCatalogueShelf({
    folder,
    settings,
    meter,
    installed: () => library.status().installed ?? [],
    log,
  });

  return { places, backends, backendList, engine, installer, library, catalogue };
}
