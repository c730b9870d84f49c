// The calls that work on files: looking at one, taking one in, moving the folder of models.
import path from 'node:path';
import type { Download } from '../../../contract/downloads.ts';
import type { FileReport, ImportInput } from '../../../contract/models.ts';
import { HearthError } from '../../errors/index.ts';
import type { Places } from '../../ollama/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { modelKey, requireModelName } from '../downloads/name.ts';
import type { FitMeter } from '../fit/interface.ts';
import type { ReadGguf } from '../gguf/interface.ts';
import type { Access } from './access.ts';
import { partsOf, sizeOfAll } from './builtin-files.ts';
import type { Claims } from './claims.ts';
import { fitOfFile } from './details.ts';
import { importFile, requireModel } from './import-file.ts';
import type { Inventory } from './inventory.ts';
import { moveFolder } from './move-folder.ts';
import { freeName, tellingName } from './names.ts';
import type { Works } from './work.ts';

export interface FileCalls {
  inspect(file: string, signal: AbortSignal): Promise<FileReport>;
  beginImport(input: ImportInput): { id: string };
  beginMove(to: string): Promise<{ id: string }>;
}

interface Parts {
  access: Access;
  places: Places;
  settings: SettingsStore;
  inventory: Inventory;
  claims: Claims;
  works: Works;
  readGguf: ReadGguf;
  fitOf: FitMeter['fitOf'];
  downloads: () => readonly Pick<Download, 'model'>[] | null;
  pauseEngine: () => Promise<() => Promise<void>>;
  /** Ends what a cancel may not cut short. */
  life: AbortSignal;
}

export function createFileCalls(parts: Parts): FileCalls {
  const { access, places, settings, inventory, claims, works, readGguf, fitOf, life } = parts;

  /** Nobody else's Ollama may be using the folder. Rejects with `engine_not_ours`. */
  async function requireOurs(): Promise<void> {
    const limit = AbortSignal.any([life, AbortSignal.timeout(settings.get().timeouts.connectMs)]);
    let answers = true;
    try {
      const place = places.now();
      if (place.isOwned) return;
      if (place.isLocal) await place.client.version(limit);
    } catch (error) {
      answers = !(error instanceof HearthError && error.code === 'backend_unreachable');
    }
    if (answers) throw new HearthError('engine_not_ours');
  }

  /** What was done is in the list when its work leaves it; whoever cancels does not wait for a look. */
  async function seen(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      void inventory.lookAnew();
      throw error;
    }
    await inventory.lookAnew();
  }

  return {
    async inspect(file, signal) {
      const facts = await readGguf(file, signal);
      requireModel(file, facts, null);
      const sizeBytes = facts.splitPart === null ? facts.sizeBytes : await sizeOfAll(await partsOf(file, facts));
      const { architecture, parameters, quantization, contextLength } = facts;
      const taken = (inventory.installed() ?? []).filter(({ engine }) => engine === 'ollama').map(({ name }) => name);
      const wish = tellingName(facts.name, path.basename(file).replace(/\.gguf$/i, ''));
      return {
        path: file,
        sizeBytes,
        architecture,
        parameters,
        quantization,
        contextLength,
        suggestedName: freeName(wish, [...taken, ...(parts.downloads() ?? []).map(({ model }) => model)]),
        fit: await fitOfFile(facts, sizeBytes, fitOf),
      };
    },

    beginImport(input) {
      if (input.engine === 'ollama') {
        requireModelName(input.name);
        claims.requireFree(input.name);
        if (inventory.ollamaModel(input.name) !== null) throw new HearthError('model_exists', { model: input.name });
      }
      const isRunning = works
        .list()
        .some(
          (work) => work.kind === 'import' && work.problem === null && modelKey(work.subject) === modelKey(input.name),
        );
      if (isRunning) throw new HearthError('model_in_use', { model: input.name });
      const { isAlone } = claims;
      const needs = { readGguf, settings, open: access.open, folder: () => inventory.folder(), isAlone, end: life };
      return works.begin({ kind: 'import', subject: input.name }, (progress) =>
        seen(importFile(input, needs, progress)),
      );
    },

    async beginMove(to) {
      claims.requireIdle();
      await requireOurs();
      // Something may have begun meanwhile.
      claims.requireIdle();
      const from = inventory.folder();
      if (from === null) throw new HearthError('engine_not_ours');
      const before = settings.get().engine.modelsFolder;
      const use = async (modelsFolder: string | null) => {
        await settings.set({ engine: { modelsFolder } });
      };
      const { pauseEngine } = parts;
      const move = { from, to, pauseEngine, useFolder: use, useFolderBefore: () => use(before) };
      return works.begin({ kind: 'move', subject: to }, (progress) => seen(moveFolder(move, progress)));
    },
  };
}
