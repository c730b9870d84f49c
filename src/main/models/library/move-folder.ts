// Moves the models of Hearth's own Ollama to another folder, so that at every moment one of the two folders is whole.
//
// Copy (or link, on one disk), switch the setting, start the engine with it, and only then delete the old files. Until the
// engine has started there, any failure takes the new folder back. A note in the new folder lets a later start of Hearth
// finish the deletion, and a later attempt use a folder that a crash left half full.
import * as nodeFiles from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import { requireSpace } from './disk.ts';
import { isNoSpace, workFailure } from './failures.ts';
import { changedSince, copyOne, deleteFiles, type Files, listFiles, type ModelsFile } from './move-files.ts';
import { requireUsableFolder, unusable } from './usable-folder.ts';
import type { Progress } from './work.ts';

const NOTE_NAME = '.hearth-move.json';
/** A second name for a file, tried out. */
const PROBE_NAME = '.hearth-move.link';
/** The same, once the copy is whole. */
const WHOLE_NAME = '.hearth-moved.json';
const Note = z.object({ from: z.string() });
/** A copy that is out of date when it is complete is brought up to date so often. */
const ROUNDS_MAX = 3;

export interface Move {
  from: string;
  to: string;
  /** Ends our engine when it runs; the returned function starts it again then, with the settings as they are. */
  pauseEngine: () => Promise<() => Promise<void>>;
  /** Makes a folder the one of the settings. */
  useFolder: (folder: string) => Promise<void>;
  /** Makes it what it was before. */
  useFolderBefore: () => Promise<void>;
  files?: Files;
}

/** Rejects with `folder_unusable`, `work_no_space`, `work_failed`, … after everything is as it was before. */
export async function moveFolder(move: Move, progress: Progress): Promise<void> {
  const { from, to, files = nodeFiles } = move;
  const subject = text('ollama:library.move_of', { path: to });
  progress.step('checking');
  // What can't be looked into is refused below, with its reason.
  const isRetry = await isLeftByUs(files, { from, to, subject }).catch(() => false);
  await requireUsableFolder(to, {
    from,
    leftBy: isRetry ? [NOTE_NAME, WHOLE_NAME, PROBE_NAME, 'blobs', 'manifests'] : [],
  });
  const listed = await listFiles(files, from, subject).catch((error: unknown) => {
    throw workFailure(error, subject);
  });
  const resumes: (() => Promise<void>)[] = [];
  /** Also later: a question may have started the engine again. */
  const pause = async () => void resumes.push(await move.pauseEngine());
  const resume = async () => {
    for (const again of resumes) await again();
  };
  const copy = createCopy(files, move, subject, pause);
  let moved: ModelsFile[];
  let isSwitched = false;
  try {
    await pause();
    await copy.begin({ isRetry });
    moved = await copy.all(listed, progress);
    await copy.markWhole();
    progress.signal.throwIfAborted();
    progress.step('restarting');
    // A setting that can't be saved counts in memory all the same.
    isSwitched = true;
    await move.useFolder(to);
    await pause();
    await resume();
  } catch (error) {
    // The first failure is the one to tell.
    if (isSwitched) {
      await move.useFolderBefore().catch(() => undefined);
      await pause().catch(() => undefined);
    }
    await copy.takeBack();
    await resume().catch(() => undefined);
    progress.signal.throwIfAborted();
    throw workFailure(error, subject);
  }
  progress.step('removing');
  // The models are where they were wanted: what can't be deleted of the old ones does not change that.
  await removeOld(files, { from, to, moved }).catch(() => undefined);
}

async function removeOld(files: Files, { from, to, moved }: { from: string; to: string; moved: ModelsFile[] }) {
  const changed = new Set(changedSince(moved, await listFiles(files, from, '')).map(({ name }) => name));
  const names = moved.map(({ name }) => name).filter((name) => !changed.has(name));
  await finish(files, { from, to, names });
}

/** Deletes what a move that was interrupted after its switch left in the old folder. */
export async function finishMove(folder: string, files: Files = nodeFiles): Promise<void> {
  const note = await readNote(files, folder, WHOLE_NAME);
  if (note === null || !path.isAbsolute(note.from) || path.resolve(note.from) === path.resolve(folder)) return;
  const { mtimeMs: wholeSinceMs } = await files.lstat(path.join(folder, WHOLE_NAME));
  const [old, here] = [await listFiles(files, note.from, ''), await listFiles(files, folder, '')];
  // What was written there since is of somebody else who uses the old folder.
  const copied = old.filter(({ mtimeMs }) => mtimeMs <= wholeSinceMs);
  const names = haveSame(copied, here).map(({ name }) => name);
  await finish(files, { from: note.from, to: folder, names });
}

/** What can't be deleted now is tried again at the next start: the note stays as long. */
async function finish(files: Files, done: { from: string; to: string; names: string[] }): Promise<void> {
  const isComplete = await deleteFiles(files, done.from, done.names);
  await files.rmdir(done.from).catch(() => undefined);
  if (!isComplete) return;
  // In this order: the first note alone would say that nothing there was ever used.
  for (const name of [NOTE_NAME, WHOLE_NAME]) await files.unlink(path.join(done.to, name));
}

/**
 * Whether all that lies in the new folder may go for another attempt. Before it is whole nobody uses it; after that models
 * may have come there that are nowhere else.
 */
async function isLeftByUs(
  files: Files,
  { from, to, subject }: { from: string; to: string; subject: string },
): Promise<boolean> {
  if ((await readNote(files, to, NOTE_NAME))?.from !== from) return false;
  if ((await readNote(files, to, WHOLE_NAME)) === null) return true;
  const there = await listFiles(files, to, subject);
  return haveSame(there, await listFiles(files, from, subject)).length === there.length;
}

/** Those of a folder that another has under the same name and as large. */
function haveSame(list: readonly ModelsFile[], others: readonly ModelsFile[]): ModelsFile[] {
  const sizes = new Map(others.map(({ name, sizeBytes }) => [name, sizeBytes]));
  return list.filter(({ name, sizeBytes }) => sizes.get(name) === sizeBytes);
}

async function readNote(files: Files, folder: string, name: string): Promise<z.infer<typeof Note> | null> {
  const written = await files.readFile(path.join(folder, name), 'utf8').catch(() => null);
  if (written === null) return null;
  try {
    return Note.parse(JSON.parse(written));
  } catch {
    // Not ours: the folder is not empty then.
    return null;
  }
}

/** The copy in the new folder while it is made. */
function createCopy(files: Files, { from, to }: Move, subject: string, pause: () => Promise<void>) {
  const note = path.join(to, NOTE_NAME);
  /** Everything that was begun there, complete or not. */
  const begun = new Set<string>();
  /** The uppermost folder that was made for it; null when it was there. */
  let madeFolder: string | null = null;

  async function copyThem(list: readonly ModelsFile[], isLinked: boolean, progress: Progress, done: { bytes: number }) {
    for (const file of list) {
      begun.add(file.name);
      await files.mkdir(path.dirname(path.join(to, file.name)), { recursive: true });
      const onBytes = (bytes: number) => progress.done((done.bytes += bytes));
      await copyOne(files, { from, to, file, isLinked, subject, signal: progress.signal, onBytes });
    }
  }

  /** Whether a file of the old folder can have a second name in the new one. */
  async function canLink(list: readonly ModelsFile[]): Promise<boolean> {
    const first = list.find(({ name }) => name.startsWith(`blobs${path.sep}`));
    if (first === undefined) return true;
    const probe = path.join(to, PROBE_NAME);
    try {
      await files.link(path.join(from, first.name), probe);
      await files.unlink(probe);
      return true;
    } catch {
      // Another disk, or a file system without links: then it is copied.
      await files.unlink(probe).catch(() => undefined);
      return false;
    }
  }

  return {
    async begin({ isRetry }: { isRetry: boolean }): Promise<void> {
      try {
        madeFolder = (await files.mkdir(to, { recursive: true })) ?? null;
        if (isRetry) {
          const left = await listFiles(files, to, subject);
          await deleteFiles(files, to, [WHOLE_NAME, PROBE_NAME, ...left.map(({ name }) => name)]);
        }
        await files.writeFile(note, JSON.stringify({ from }));
      } catch (error) {
        throw error instanceof HearthError ? error : unusable(to, error);
      }
    },

    /** @returns the files of the old folder that are in the new one, unchanged since */
    async all(listed: readonly ModelsFile[], progress: Progress): Promise<ModelsFile[]> {
      const total = listed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      const isLinked = await canLink(listed);
      if (!isLinked) await requireSpace(to, total);
      progress.step('copying', total);
      const done = { bytes: 0 };
      try {
        let copied: readonly ModelsFile[] = [];
        let now: readonly ModelsFile[] = listed;
        for (let round = 0; ; round += 1) {
          await copyThem(changedSince(copied, now), isLinked, progress, done);
          const after = new Set(now.map(({ name }) => name));
          const gone = copied.map(({ name }) => name).filter((name) => !after.has(name));
          await deleteFiles(files, to, gone);
          copied = now;
          await pause();
          now = await listFiles(files, from, subject);
          if (now.length === copied.length && changedSince(copied, now).length === 0) return [...now];
          if (round === ROUNDS_MAX)
            throw new HearthError('work_failed', { subject, reason: text('ollama:library.kept_changing') });
        }
      } catch (error) {
        if (isNoSpace(error)) await requireSpace(to, total - done.bytes);
        throw error;
      }
    },

    async markWhole(): Promise<void> {
      await files.writeFile(path.join(to, WHOLE_NAME), JSON.stringify({ from }));
    },

    async takeBack(): Promise<void> {
      // First the word that it is whole, last the word that it is ours.
      await deleteFiles(files, to, [WHOLE_NAME, ...begun, NOTE_NAME]);
      // Folders that were made for it, as far as they are empty.
      if (madeFolder === null) return;
      const top = path.dirname(madeFolder);
      for (let at = to; at !== top && at !== path.dirname(at); at = path.dirname(at))
        await files.rmdir(at).catch(() => undefined);
    },
  };
}
