// Takes a GGUF file in: copied into Ollama under a name, or used by the built-in engine where it lies.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { ImportInput } from '../../../contract/models.ts';
import { HearthError } from '../../errors/index.ts';
import type { OllamaManager, Place } from '../../ollama/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { text } from '../../words/index.ts';
import { modelKey } from '../downloads/name.ts';
import type { GgufFacts, ReadGguf } from '../gguf/interface.ts';
import { requireSpace } from './disk.ts';
import { isNoSpace, systemReason, workFailure } from './failures.ts';
import type { Progress } from './work.ts';

export interface ImportOptions {
  readGguf: ReadGguf;
  settings: SettingsStore;
  /** Where Ollama answers, started when it has to be. */
  open: (signal: AbortSignal) => Promise<{ place: Place; manager: OllamaManager }>;
  /** The folder of models of that Ollama; null where it can't be looked into. */
  folder: () => string | null;
  /** Nothing else may be about to use a layer that no model names yet. */
  isAlone: () => boolean;
  /** Ends what a cancel may not cut short. */
  end: AbortSignal;
}

/** A model by itself, for this engine. Rejects with `file_not_a_model`. */
export function requireModel(file: string, facts: GgufFacts, engine: ImportInput['engine'] | null): void {
  const refuse = (why: string, values: Record<string, number> = {}) =>
    new HearthError('file_not_a_model', { path: file, reason: text(`ollama:library.is_${why}`, values) });
  const { isProjector, isAdapter, splitPart } = facts;
  if (isProjector) throw refuse('projector');
  if (isAdapter) throw refuse('adapter');
  if (splitPart === null) return;
  if (splitPart.number !== 1) throw refuse('later_part', { ...splitPart });
  if (engine === 'ollama' && splitPart.count > 1) throw refuse('split', { ...splitPart });
}

/** Rejects after what it had begun is undone; with the signal's reason when it was cancelled. */
export async function importFile(input: ImportInput, options: ImportOptions, progress: Progress): Promise<void> {
  const subject = text('ollama:library.import_of', { name: input.name });
  try {
    progress.step('checking');
    requireModel(input.path, await options.readGguf(input.path, progress.signal), input.engine);
    if (input.engine === 'llamacpp') await options.settings.set({ llamacpp: { modelPath: path.resolve(input.path) } });
    else await importIntoOllama(input, options, progress);
  } catch (error) {
    progress.signal.throwIfAborted();
    throw workFailure(error, subject);
  }
}

async function importIntoOllama(input: ImportInput, options: ImportOptions, progress: Progress): Promise<void> {
  const { signal } = progress;
  const { place, manager } = await options.open(signal);
  const requireNew = async () => {
    const listed = await place.client.list(signal);
    if (listed.some(({ name }) => modelKey(name) === modelKey(input.name)))
      throw new HearthError('model_exists', { model: input.name });
  };
  await requireNew();
  const before = await statOf(input.path);
  progress.step('hashing', before.size);
  const digest = `sha256:${await hashOf(input.path, progress)}`;
  const folder = options.folder();
  const isThere = await manager.hasBlob(digest, signal);
  try {
    if (!isThere) {
      if (folder !== null) await requireSpace(folder, before.size).catch(onlyNoSpace);
      progress.step('copying', before.size);
      const upload = { path: input.path, digest, sizeBytes: before.size, onProgress: progress.done };
      await manager.uploadBlob(upload, signal);
    }
    // It took a while: a download may have brought one of that name.
    await requireNew();
    signal.throwIfAborted();
    progress.step('registering');
    // Not cut short: Ollama would go on by itself, and nobody could tell whether the model is there.
    await manager.create({ model: input.name, files: { 'model.gguf': digest } }, options.end);
  } catch (error) {
    const mayBeGoingOn = error instanceof HearthError && ['stream_cut', 'backend_silent'].includes(error.code);
    if (!isThere && folder !== null && !mayBeGoingOn && options.isAlone()) await discardBlob(folder, digest);
    if (isNoSpace(error) && folder !== null) await requireSpace(folder, before.size);
    signal.throwIfAborted();
    const after = await statOf(input.path);
    if (after.size === before.size && after.mtimeMs === before.mtimeMs) throw error;
    const reason = text('ollama:library.has_changed');
    throw new HearthError('file_unreadable', { path: input.path, reason }, { cause: error });
  }
  // Cancelled while it was registered: Ollama deletes the blob with its model.
  if (signal.aborted) await manager.remove(input.name, options.end);
  signal.throwIfAborted();
}

/** A disk that does not tell what is free is no reason to refuse. */
function onlyNoSpace(error: unknown): void {
  if (error instanceof HearthError) throw error;
}

async function hashOf(file: string, { signal, done }: Progress): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024, signal })) {
      hash.update(chunk as Buffer);
      done((bytes += (chunk as Buffer).length));
    }
  } catch (error) {
    signal.throwIfAborted();
    throw unreadable(file, error);
  }
  return hash.digest('hex');
}

async function statOf(file: string): Promise<{ size: number; mtimeMs: number }> {
  return stat(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

function unreadable(file: string, error: unknown): HearthError {
  return new HearthError('file_unreadable', { path: file, reason: systemReason(error) }, { cause: error });
}

/**
 * Takes an upload back that no model came of: Ollama itself would keep it for ever. Only where its folder is ours to look
 * into, and no model names it. Never rejects.
 */
async function discardBlob(folder: string, digest: string): Promise<void> {
  const hex = digest.slice('sha256:'.length);
  const manifests = path.join(folder, 'manifests');
  try {
    // One that can't be read may be the one that names it.
    for (const entry of await readdir(manifests, { recursive: true, withFileTypes: true }).catch(noneYet)) {
      if (entry.isDirectory()) continue;
      if ((await readFile(path.join(entry.parentPath, entry.name), 'utf8')).includes(hex)) return;
    }
    await unlink(path.join(folder, 'blobs', `sha256-${hex}`));
  } catch {
    // Not there, or not ours to delete.
  }
}

/** No model was ever made there. */
function noneYet(error: NodeJS.ErrnoException): [] {
  if (error.code !== 'ENOENT') throw error;
  return [];
}
