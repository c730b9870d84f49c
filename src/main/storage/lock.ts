// One Hearth at a time: a lock that the kernel takes back when its holder dies, however it dies.
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import type { OpenDatabase } from './binding.ts';
import { errorCodeOf, Failure } from './failure.ts';
import { restrictToUser } from './private-files.ts';

/**
 * Holds `<folder>/lock.sqlite` by an exclusive transaction that is never committed. SQLite's own file lock works across
 * processes and between the threads of one, on every system.
 *
 * The file must never be opened by other means in this process: closing it would drop the lock (POSIX).
 * @returns the connection; closing it gives the lock back
 * @throws Failure `storage_in_use` when another Hearth holds it; errors of SQLite as they are
 */
export function holdLock(openDatabase: OpenDatabase, folder: string): Database.Database {
  const path = join(folder, 'lock.sqlite');
  let lock: Database.Database | undefined;
  try {
    lock = openDatabase(path, { timeout: 0 });
    restrictToUser(path);
    // In memory: nothing of the transaction below may stay behind on disk when this process is killed.
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
    // On a file that may not be written BEGIN EXCLUSIVE locks nothing and says nothing. Writing does.
    lock.exec('CREATE TABLE held (id INTEGER)');
    return lock;
  } catch (error) {
    lock?.close();
    if (errorCodeOf(error).startsWith('SQLITE_BUSY')) throw new Failure('storage_in_use', {}, error);
    if (errorCodeOf(error) === 'SQLITE_NOTADB') {
      throw new Failure('storage_failed', { reason: `${path} is not the lock file of Hearth; delete it` }, error);
    }
    throw error;
  }
}
