// Opens the history file: alone, private, in the newest schema, with nothing left half-written.
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { loadDriver, type OpenDatabase } from './binding.ts';
import { createCalls } from './calls.ts';
import { errorCodeOf, toFailure } from './failure.ts';
import { holdLock } from './lock.ts';
import { migrate, readMigrations, refuseStranger } from './migrate.ts';
import { makePrivateFile, makePrivateFolder, restrictToUser } from './private-files.ts';
import type { Calls } from './protocol.ts';
import { recoverInterrupted } from './recovery.ts';

export interface OpenSettings {
  folder: string;
  nativeBinding: string | null;
  migrationsUrl: string;
  busyTimeoutMs: number;
  nowMs: number;
}

export interface OpenHistory {
  path: string;
  calls: Calls;
  /** Writes the log back into the file, closes it, and lets the next Hearth in. */
  close(): void;
}

/** @throws Failure with one of the `storage_` codes; then nothing is held and the file is as it was */
export function openHistory(settings: OpenSettings): OpenHistory {
  const path = join(settings.folder, 'history.sqlite');
  const open: Database.Database[] = [];
  // The lock comes first and goes last.
  const close = (): void => {
    for (const database of open.toReversed()) database.close();
  };
  try {
    const openDatabase = loadDriver(settings.nativeBinding);
    const migrations = readMigrations(settings.migrationsUrl);
    makePrivateFolder(settings.folder);
    open.push(holdLock(openDatabase, settings.folder));
    makePrivateFile(path);
    refuseUntouched(openDatabase, path, migrations.length, settings.busyTimeoutMs);
    restrictToUser(path);

    const db = openDatabase(path, { timeout: settings.busyTimeoutMs });
    open.push(db);
    refuseStranger(db, migrations.length, path);
    migrate(db, migrations, path);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    // What is deleted is overwritten, also the pieces that the journal held.
    db.pragma('secure_delete = ON');
    recoverInterrupted(db, settings.nowMs);
    return { path, calls: createCalls(db, path), close };
  } catch (error) {
    close();
    throw toFailure(error, path);
  }
}

/** Looks at the file over a connection that cannot write: even closing a writable one would write its log back. */
function refuseUntouched(openDatabase: OpenDatabase, path: string, known: number, busyTimeoutMs: number): void {
  const db = openDatabase(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
  try {
    refuseStranger(db, known, path);
  } catch (error) {
    // A first start that was cut short leaves a journal that only a writer may roll back; that one looks again.
    if (!errorCodeOf(error).startsWith('SQLITE_READONLY')) throw error;
  } finally {
    db.close();
  }
}
