// Brings a history file to the schema this Hearth knows, or leaves it exactly as it was.
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Database from 'better-sqlite3';
import { Failure } from './failure.ts';
import { makePrivateFile, makePrivateFolder } from './private-files.ts';

export interface Migration {
  /** The schema version it leads to, from 1 without gaps. */
  number: number;
  name: string;
  sql: string;
}

/** The migrations of a folder of files like `0001-conversations.sql`, in order. */
export function readMigrations(folderUrl: string): Migration[] {
  const folder = fileURLToPath(folderUrl);
  const migrations = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
    .map((name) => ({ number: Number(name.slice(0, 4)), name, sql: readFileSync(join(folder, name), 'utf8') }));
  migrations.forEach(({ number, name }, index) => {
    if (number !== index + 1) throw new Failure('storage_failed', { reason: `the migration ${name} is out of order` });
  });
  return migrations;
}

/** `'Hrth'` in ASCII, written by migration 1. */
const APPLICATION_ID = 0x48727468;

/**
 * Refuses a file that this Hearth must not touch. Only reads.
 * @throws Failure `storage_newer`, or `storage_corrupt` for the file of another program
 */
export function refuseStranger(db: Database.Database, known: number, path: string): void {
  const version = schemaVersion(db);
  const tables = Number(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  if (version === 0 && tables === 0) return;
  if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) {
    throw new Failure('storage_corrupt', { path, reason: 'it is a database of another program' });
  }
  if (version > known) throw new Failure('storage_newer', { path, found: version, known });
}

export function schemaVersion(db: Database.Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/**
 * Runs what is missing, all of it in one transaction, after a backup of a file that holds data, and checks the result
 * before committing. Any failure leaves the file as it was, so that the Hearth before this one still opens it.
 */
export function migrate(db: Database.Database, migrations: Migration[], path: string): void {
  const version = schemaVersion(db);
  const pending = migrations.filter((migration) => migration.number > version);
  const first = pending[0];
  if (!first) return;
  if (version > 0) backUp(db, path, first.number);
  // A migration that rebuilds a table needs this; inside a transaction the switch would do nothing.
  db.pragma('foreign_keys = OFF');
  db.transaction(() => {
    for (const { number, name, sql } of pending) {
      db.exec(sql);
      if (!db.inTransaction)
        throw new Failure('storage_failed', { reason: `the migration ${name} ended its transaction` });
      db.pragma(`user_version = ${number}`);
    }
    const problems = findProblems(db);
    if (problems.length > 0) {
      throw new Failure('storage_failed', { reason: `the new version of the file is not sound: ${problems[0]}` });
    }
  }).immediate();
}

/** What is wrong with the file, one line each; empty when it is sound. Reads the whole file. */
export function findProblems(db: Database.Database): string[] {
  const damage = db.prepare<[], string>('PRAGMA quick_check').pluck().all();
  const orphans = db.prepare<[], { table: string; parent: string }>('PRAGMA foreign_key_check').all();
  return [
    ...damage.filter((line) => line !== 'ok'),
    ...orphans.map((orphan) => `a row of ${orphan.table} refers to a missing row of ${orphan.parent}`),
  ];
}

/** A copy in `backups/` beside the file; it appears under its name only when it is whole and on the disk. */
function backUp(db: Database.Database, path: string, next: number): void {
  const folder = join(dirname(path), 'backups');
  makePrivateFolder(folder);
  const backup = join(folder, `history-before-${next}.sqlite`);
  const partial = `${backup}.partial`;
  rmSync(partial, { force: true });
  try {
    makePrivateFile(partial);
    db.prepare('VACUUM INTO ?').run(partial);
    flushToDisk(partial);
    renameSync(partial, backup);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function flushToDisk(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
