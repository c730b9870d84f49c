// Files and folders that only this user may read.
import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { errorCodeOf } from './failure.ts';

/** Makes the folder, and those above it, if they are not there. One that is there keeps its mode: it may be shared. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Makes an empty file if there is none. SQLite would make it with the mode of the user's umask. */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST') throw error;
  }
}

/** What the group and the world may do, of a file's mode. */
const OTHERS = 0o077;

/** Takes the rights of others on a database file and its companions away, where the file system knows rights. */
export function restrictToUser(databasePath: string): void {
  // On Windows the profile folder is private, and chmod would only clear the read-only mark.
  if (process.platform === 'win32') return;
  for (const path of [databasePath, `${databasePath}-wal`, `${databasePath}-shm`]) {
    try {
      const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
      if ((mode & OTHERS) !== 0) chmodSync(path, mode & ~OTHERS & 0o777);
    } catch (error) {
      // The file of another user, or a file system without modes: it stays as its owner wants it.
      if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(errorCodeOf(error))) throw error;
    }
  }
}
