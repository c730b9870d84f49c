// After chats were deleted for good: nothing of them stays readable in the files, and the disk gets its room back.
import type Database from 'better-sqlite3';
import { errorCodeOf } from './failure.ts';

/** Below this, or while most of the file is in use, free pages wait for the next chats: rewriting the file costs more. */
const WORTH_BYTES = 1024 * 1024;
const WORTH_SHARE = 0.25;

/**
 * What was deleted is overwritten already (`secure_delete`), but the log still holds it, and the file its size. Rewriting a file
 * takes about 2 s for each GB of it. A disk too full for that is no failure: the chats are gone, and their room is used again.
 */
export function giveSpaceBack(db: Database.Database): void {
  try {
    if (isWorthwhile(db)) db.exec('VACUUM');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!NO_ROOM.has(errorCodeOf(error))) throw error;
  }
}

const NO_ROOM = new Set(['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_BUSY', 'ENOSPC']);

function isWorthwhile(db: Database.Database): boolean {
  const read = (name: string) => Number(db.pragma(name, { simple: true }));
  const free = read('freelist_count');
  return free * read('page_size') >= WORTH_BYTES && free >= read('page_count') * WORTH_SHARE;
}
