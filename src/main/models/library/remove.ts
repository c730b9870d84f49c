// Deletes a model: of Ollama through Ollama, of the built-in engine as its files.
import { unlink } from 'node:fs/promises';
import path from 'node:path';
import { HearthError } from '../../errors/index.ts';
import type { OllamaManager, Places } from '../../ollama/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { text } from '../../words/index.ts';
import type { BuiltinFile } from './builtin-files.ts';
import { workFailure } from './failures.ts';

/** One that is gone already is what was wanted. */
export async function removeModel(name: string, manager: OllamaManager, signal: AbortSignal): Promise<void> {
  // Ollama would keep it in memory, where nobody could unload what is on no list any more.
  await manager.unload(name, signal).catch(() => signal.throwIfAborted());
  try {
    await manager.remove(name, signal);
  } catch (error) {
    if (error instanceof HearthError && error.code === 'model_not_found') return;
    throw workFailure(error, text('ollama:library.removal_of', { name }));
  }
}

/** Rejects where the settings name another Ollama by now: its model of that name was not meant. */
export function requireSameLane(name: string, lane: string | null, places: Pick<Places, 'laneHost'>): void {
  if (places.laneHost() === lane) return;
  const reason = text('ollama:library.other_ollama');
  throw new HearthError('work_failed', { subject: text('ollama:library.removal_of', { name }), reason });
}

/** A file outside Hearth's own folder is the user's: Hearth only forgets it. */
export async function removeFile(file: BuiltinFile, settings: SettingsStore): Promise<void> {
  const { name, path: modelPath } = file.model;
  try {
    if (file.isOurs) {
      for (const part of file.parts) {
        await unlink(part).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error;
        });
      }
    }
  } catch (error) {
    throw workFailure(error, text('ollama:library.removal_of', { name }));
  }
  const chosen = settings.get().llamacpp.modelPath;
  if (chosen !== null && path.resolve(chosen) === modelPath) await settings.set({ llamacpp: { modelPath: null } });
}
