// SQL of the journal: the pieces of answers that are still being written.
import type Database from 'better-sqlite3';
import type { MessageId } from '../../../contract/ids.ts';
import type { AnswerText, JournalEntry } from '../interface.ts';

interface Piece {
  kind: JournalEntry['kind'];
  text: Buffer;
}

export interface JournalSql {
  append(entry: JournalEntry): void;
  /** The pieces of an answer, put together. */
  read(id: MessageId): AnswerText;
  drop(id: MessageId): void;
  dropAll(): void;
}

export function journalSql(db: Database.Database): JournalSql {
  const append = db.prepare<[MessageId, string, Buffer]>(
    'INSERT INTO journal (message_id, kind, text) VALUES (?, ?, ?)',
  );
  const pieces = db.prepare<[MessageId], Piece>('SELECT kind, text FROM journal WHERE message_id = ? ORDER BY id');
  const drop = db.prepare<[MessageId]>('DELETE FROM journal WHERE message_id = ?');
  const dropAll = db.prepare<[]>('DELETE FROM journal');
  return {
    append({ messageId, kind, text }) {
      append.run(messageId, kind, Buffer.from(text, 'utf16le'));
    },
    read(id) {
      const rows = pieces.all(id);
      const join = (kind: JournalEntry['kind']): string =>
        Buffer.concat(rows.filter((row) => row.kind === kind).map((row) => row.text)).toString('utf16le');
      return { thinking: join('thinking'), text: join('text') };
    },
    drop(id) {
      drop.run(id);
    },
    dropAll() {
      dropAll.run();
    },
  };
}
