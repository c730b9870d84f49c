// SQL of what the history knows about itself.
import { statSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { StorageFacts } from '../interface.ts';
import { schemaVersion } from '../migrate.ts';

export function factsSql(db: Database.Database, path: string): () => StorageFacts {
  const versionOf = db.prepare<[], string>('SELECT sqlite_version()').pluck();
  const count = db.prepare<[], { conversations: number; messages: number }>(
    'SELECT (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM messages) AS messages',
  );
  return () => ({
    path,
    sizeBytes: sizeOf(path) + sizeOf(`${path}-wal`),
    schemaVersion: schemaVersion(db),
    sqliteVersion: versionOf.get() ?? '',
    ...(count.get() ?? { conversations: 0, messages: 0 }),
  });
}

/** By name: opening and closing the file here would drop SQLite's own locks on it (POSIX). */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
