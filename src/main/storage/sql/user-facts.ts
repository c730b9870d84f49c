// SQL of what is remembered about the user.
import type Database from 'better-sqlite3';
import type { Fact } from '../../../contract/facts.ts';
import type { ConversationId, FactId, MessageId } from '../../../contract/ids.ts';

interface FactRow {
  id: FactId;
  text: string;
  isOn: number;
  createdAtMs: number;
  conversationId: ConversationId | null;
  messageId: MessageId | null;
}

export interface UserFactSql {
  /** Newest first. One whose chat is in the bin has no source as long as it is there. */
  all(): Fact[];
  /** Of a fact that is there, only its text and its switch change. */
  put(fact: Fact): void;
  drop(id: FactId): void;
}

export function userFactSql(db: Database.Database): UserFactSql {
  const all = db.prepare<[], FactRow>(`
    SELECT f.id, f.text, f.is_on AS isOn, f.created_at_ms AS createdAtMs, c.id AS conversationId, f.message_id AS messageId
    FROM facts AS f LEFT JOIN conversations AS c ON c.id = f.conversation_id AND c.deleted_at_ms IS NULL
    ORDER BY f.created_at_ms DESC, f.id DESC`);
  const put = db.prepare<[FactRow]>(`
    INSERT INTO facts (id, text, is_on, created_at_ms, conversation_id, message_id)
    VALUES (@id, @text, @isOn, @createdAtMs, @conversationId, @messageId)
    ON CONFLICT (id) DO UPDATE SET text = excluded.text, is_on = excluded.is_on`);
  const drop = db.prepare<[FactId]>('DELETE FROM facts WHERE id = ?');
  return {
    all: () =>
      all.all().map(({ conversationId, messageId, isOn, ...fact }) => ({
        ...fact,
        isOn: isOn === 1,
        source: conversationId === null || messageId === null ? null : { conversationId, messageId },
      })),
    put({ id, text, isOn, createdAtMs, source }) {
      put.run({
        id,
        text,
        isOn: isOn ? 1 : 0,
        createdAtMs,
        conversationId: source?.conversationId ?? null,
        messageId: source?.messageId ?? null,
      });
    },
    drop: (id) => void drop.run(id),
  };
}
