// A library over an Ollama that keeps its models in a folder of the test.
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Fit, ModelsStatus } from '../../../src/contract/models.ts';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import type { Library } from '../../../src/main/models/interface.ts';
import { readGguf } from '../../../src/main/models/gguf/read.ts';
import { createLibrary, type LibraryOptions } from '../../../src/main/models/library/library.ts';
import { createPlaces, parseAddress } from '../../../src/main/ollama/index.ts';
import type { SettingsStore } from '../../../src/main/settings/index.ts';
import { memorySettings } from '../../support/memory-settings.ts';
import { startStoreOllama, type StoreOllama } from '../../support/store-ollama.ts';
import { temporaryFolder } from '../../support/storage.ts';

export const tinyGguf = fileURLToPath(new URL('../../fixtures/tiny.gguf', import.meta.url));
export const tinyWeights = readFileSync(tinyGguf);

export const never = (): AbortSignal => new AbortController().signal;

export interface Scene {
  library: Library;
  ollama: StoreOllama;
  settings: SettingsStore;
  /** Of Ollama's models. */
  folder: string;
  /** Of Hearth's own GGUF files. */
  ggufFolder: string;
  logged: string[];
  /** Tells the library that Ollama has come or gone. */
  setReady: (isReady: boolean) => void;
  /** The name of everything installed, in order. */
  installed: () => string[];
}

export interface Given extends Partial<Omit<LibraryOptions, 'settings'>> {
  settings?: SettingsPatch;
  isOld?: boolean;
  /** Of Ollama's models. */
  folder?: string;
  /** Nobody answers at the address. */
  isAway?: boolean;
}

const UNKNOWN_FIT: Fit = {
  label: 'unknown',
  needBytes: null,
  freeBytes: 0,
  weightsBytes: null,
  cacheBytes: null,
  overheadBytes: null,
  contextLength: 4_096,
  place: 'memory',
};

/** Ended when the test ends. */
export async function libraryScene(given: Given = {}): Promise<Scene> {
  const { settings: patch, isOld = false, isAway = false, ...options } = given;
  const home = temporaryFolder();
  const folder = given.folder ?? path.join(home, 'ollama');
  const ggufFolder = path.join(home, 'hearth', 'models');
  mkdirSync(ggufFolder, { recursive: true });
  const ollama = await startStoreOllama({ folder, isOld });
  if (isAway) await ollama.close();
  const settings = memorySettings(patch);
  const places = createPlaces({
    address: () => ({ ...parseAddress(ollama.host), from: 'settings' }),
    server: null,
    isStartAllowed: () => false,
    connectTimeoutMs: () => 2_000,
  });
  const listeners = new Set<() => void>();
  let isReady = !isAway;
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const library = createLibrary({
    places,
    engine: {
      isReady: () => isReady,
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    settings,
    modelsFolder: ggufFolder,
    readGguf,
    fitOf: (facts) => Promise.resolve({ ...UNKNOWN_FIT, weightsBytes: facts.weightsBytes }),
    modelUses: () => Promise.resolve([]),
    downloads: () => [],
    pauseEngine: () => Promise.resolve(() => Promise.resolve()),
    env: { OLLAMA_MODELS: folder },
    log: { info: note, warn: note, error: note, close() {} },
    removeAfterMs: 60_000,
    ...options,
  });
  onTestFinished(async () => {
    await library.stop();
    places.close();
  });
  return {
    library,
    ollama,
    settings,
    folder,
    ggufFolder,
    logged,
    setReady(ready) {
      isReady = ready;
      for (const listener of listeners) listener();
    },
    installed: () => (library.status().installed ?? []).map(({ name }) => name),
  };
}

export function workOf(status: ModelsStatus) {
  return status.work[0] ?? null;
}
