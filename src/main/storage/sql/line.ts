// SQL of messages in line.
import type Database from 'better-sqlite3';
import type { ConversationId, LineId } from '../../../contract/ids.ts';
import type { InLine } from '../../../contract/line.ts';

export interface LineSql {
  /** In the order in which they are asked. */
  of(id: ConversationId): InLine[];
  get(id: LineId): InLine | undefined;
  /** At the place that it had before, else behind all others. */
  insert(message: InLine, position?: number): void;
  setText(id: LineId, text: string): void;
  /** Returns the place that it had; undefined when it was not there. */
  drop(id: LineId): number | undefined;
}

const COLUMNS = 'id, conversation_id AS conversationId, text, created_at_ms AS createdAtMs';

export function lineSql(db: Database.Database): LineSql {
  const of = db.prepare<[ConversationId], InLine>(
    `SELECT ${COLUMNS} FROM line WHERE conversation_id = ? ORDER BY position, id`,
  );
  const get = db.prepare<[LineId], InLine>(`SELECT ${COLUMNS} FROM line WHERE id = ?`);
  const insert = db.prepare<[InLine & { position: number | null }]>(`
    INSERT INTO line (id, conversation_id, position, text, created_at_ms)
    VALUES (@id, @conversationId,
      ifnull(@position, 1 + (SELECT ifnull(max(position), 0) FROM line WHERE conversation_id = @conversationId)),
      @text, @createdAtMs)`);
  const setText = db.prepare<[string, LineId]>('UPDATE line SET text = ? WHERE id = ?');
  const drop = db.prepare<[LineId], number>('DELETE FROM line WHERE id = ? RETURNING position').pluck();
  return {
    of: (id) => of.all(id),
    get: (id) => get.get(id),
    insert: (message, position) => void insert.run({ ...message, position: position ?? null }),
    setText: (id, text) => void setText.run(text, id),
    drop: (id) => drop.get(id),
  };
}
