// Reads models into memory before they are asked, and frees it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelRef } from '../../../contract/models.ts';
import { HearthError } from '../../errors/index.ts';
import { modelOptions, type Places } from '../../ollama/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { text } from '../../words/index.ts';
import type { Access } from './access.ts';
import type { ContextPlans } from './context-plans.ts';
import type { Inventory } from './inventory.ts';

interface Parts {
  access: Access;
  places: Places;
  settings: SettingsStore;
  inventory: Inventory;
  plans: ContextPlans;
}

const UNLOAD_LOOKS = 15;
const UNLOAD_LOOK_EVERY_MS = 200;

/** Resolves when it is in memory. */
export async function loadModel(ref: ModelRef, parts: Parts, signal: AbortSignal): Promise<void> {
  requireOllama(ref);
  const { access, settings, inventory, plans } = parts;
  const { place, manager } = await access.open(signal);
  const capabilities = inventory.ollamaModel(ref.name)?.capabilities ?? [];
  const isEmbedding = capabilities.includes('embedding') && !capabilities.includes('completion');
  const context = isEmbedding ? null : await plans.plan(place, ref.name);
  await manager.load(
    {
      model: ref.name,
      isEmbedding,
      options: modelOptions(place, settings.get().engine, context),
      limitMs: settings.get().timeouts.loadMs,
    },
    signal,
  );
  await inventory.lookAtLoaded();
}

/** Wakes no Ollama: where none runs, nothing is in memory. */
export async function unloadModel(ref: ModelRef, parts: Parts, signal: AbortSignal): Promise<void> {
  requireOllama(ref);
  const { access, places, inventory } = parts;
  await access.managerOf(places.now()).unload(ref.name, signal);
  // Ollama answers before the memory is free.
  for (let look = 0; look < UNLOAD_LOOKS; look += 1) {
    await inventory.lookAtLoaded();
    if ((inventory.ollamaModel(ref.name)?.loaded ?? null) === null) return;
    await sleep(UNLOAD_LOOK_EVERY_MS, undefined, { signal });
  }
}

/** The built-in engine has one model in memory, the one it was asked for last. */
export function requireOllama({ engine }: ModelRef): void {
  if (engine === 'llamacpp') throw new HearthError('bad_request', { what: text('ollama:library.cannot_load') });
}
