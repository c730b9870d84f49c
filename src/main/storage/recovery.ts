// Answers that were being written when the last Hearth ended without a word: kept as far as they came.
import type Database from 'better-sqlite3';
import type { ErrorRecord } from './protocol.ts';
import { journalSql } from './sql/journal.ts';
import { messageSql } from './sql/messages.ts';
import { sourceSql } from './sql/sources.ts';
import { turnSql } from './sql/turns.ts';

const INTERRUPTED: ErrorRecord = { code: 'interrupted', params: {} };

/**
 * Settles every unsettled answer as `interrupted` with the text of its journal, in one transaction. Only right while no
 * other Hearth runs: the caller holds the lock, so whoever was writing them is dead.
 * @returns how many there were
 */
export function recoverInterrupted(db: Database.Database, nowMs: number): number {
  const messages = messageSql(db);
  const journal = journalSql(db);
  const turns = turnSql(db);
  const sources = sourceSql(db);
  return db
    .transaction(() => {
      const unsettled = messages.unsettledIds();
      for (const id of unsettled) {
        messages.settle(id, 'interrupted', journal.read(id), nowMs);
        turns.writeError(id, INTERRUPTED);
        const { conversationId, source } = messages.get(id) ?? {};
        if (conversationId && source) sources.note(conversationId, source);
      }
      // Also the statement that tells a file that may not be written, on every start.
      journal.dropAll();
      return unsettled.length;
    })
    .immediate();
}
