// What Hearth has started, on disk: for the next Hearth, should this one end without ending it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** A process number means nothing without when it began: numbers are used again. Null: the system did not tell. */
const ProcessId = z.object({ pid: z.number().int().positive(), startedAt: z.number().nullable() });
export type ProcessId = z.infer<typeof ProcessId>;

const RunRecord = z.object({
  /** Random, and in the environment of everything that belongs to the run: see `RUN_MARK`. */
  mark: z.string().min(8),
  program: z.string(),
  startedAtMs: z.number(),
  /** Who has started it, and ends it as long as it lives. */
  hearth: ProcessId,
  /** The guardian, whose number is also that of the group; null on Windows. */
  group: ProcessId.nullable(),
  /** Null until it is known. */
  server: ProcessId.nullable(),
});
export type RunRecord = z.infer<typeof RunRecord>;

/** The variable that carries the mark. */
export const RUN_MARK = 'HEARTH_ENGINE_RUN';

export interface PidFile {
  /** Never throws: without the file the server runs on, and the error is told once. */
  write(record: RunRecord): void;
  remove(): void;
}

/**
 * A file for one run, not there until something is written. The first free name: another Hearth that uses the same folder and
 * lives keeps its own file.
 */
export function openPidFile(pidPath: string, onError: (error: unknown) => void): PidFile {
  const { dir, name, ext } = path.parse(pidPath);
  let file: string | null = null;
  let isBroken = false;
  return {
    write(record) {
      if (isBroken) return;
      const json = `${JSON.stringify(record)}\n`;
      try {
        if (file !== null) return writeFileSync(file, json);
        const names = [pidPath, path.join(dir, `${name}.${process.pid}${ext}`)];
        file = names.find((one) => isCreated(one, json)) ?? null;
      } catch (error) {
        isBroken = true;
        onError(error);
      }
    },
    remove() {
      if (file !== null) removeFile(file, onError);
      file = null;
    },
  };
}

/** The files of earlier runs and of other Hearths; what can't be understood comes as null. */
export function readPidFiles(pidPath: string): { file: string; record: RunRecord | null }[] {
  const { dir, name, ext } = path.parse(pidPath);
  const isOne = (entry: string) =>
    entry.startsWith(name) && entry.endsWith(ext) && /^(?:\.\d+)?$/.test(entry.slice(name.length, -ext.length));
  return entriesOf(dir)
    .filter(isOne)
    .map((entry) => ({ file: path.join(dir, entry), record: readRecord(path.join(dir, entry)) }));
}

export function removeFile(file: string, onError: (error: unknown) => void): void {
  try {
    rmSync(file, { force: true });
  } catch (error) {
    onError(error);
  }
}

function isCreated(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // There is no folder yet, so there was no run.
    return [];
  }
}

function readRecord(file: string): RunRecord | null {
  try {
    return RunRecord.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Cut off by a full disk, or no file of ours: nothing can be done with it.
    return null;
  }
}
