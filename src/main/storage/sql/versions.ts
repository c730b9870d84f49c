// SQL of versions: messages of one role that follow the same message, and what follows each of them.
import type Database from 'better-sqlite3';
import type { Message, MessageVersion } from '../../../contract/conversations.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';

/** The column to select from `messages AS m` for `VersionRow`: whether it is worth asking. A root is always asked for. */
export const VERSIONS_COLUMN = `EXISTS (
  SELECT 1 FROM messages AS s WHERE s.parent_id = m.parent_id AND s.id <> m.id) AS has_siblings`;

/** What tells where a message stands among its versions. */
export interface VersionRow {
  conversation_id: ConversationId;
  parent_id: MessageId | null;
  role: Message['role'];
  has_siblings: 0 | 1;
}

export interface VersionSql {
  /** In the order of creation; undefined for the only one. */
  versionsOf(row: VersionRow): MessageVersion[] | undefined;
  /** The message that was written last among this one and all that follow it. Nothing follows it. */
  newestLeaf(id: MessageId): MessageId;
  isOnPath(id: MessageId, leafId: MessageId): boolean;
}

export function versionSql(db: Database.Database): VersionSql {
  // By rowid and not by time: a clock can be set back.
  const siblings = db.prepare<[MessageId, Message['role']], MessageVersion>(
    'SELECT id, state FROM messages WHERE parent_id = ? AND role = ? ORDER BY rowid',
  );
  // The plus keeps SQLite from the index of parents, which would lead through the roots of every conversation.
  const roots = db.prepare<[ConversationId, Message['role']], MessageVersion>(`
    SELECT id, state FROM messages WHERE conversation_id = ? AND +parent_id IS NULL AND role = ? ORDER BY rowid`);
  const newestLeaf = db
    .prepare<[MessageId], MessageId>(
      `WITH RECURSIVE beneath (id, row) AS (
        SELECT id, rowid FROM messages WHERE id = ?
        UNION ALL
        SELECT m.id, m.rowid FROM beneath CROSS JOIN messages AS m ON m.parent_id = beneath.id)
      SELECT id FROM beneath ORDER BY row DESC LIMIT 1`,
    )
    .pluck();
  const onPath = db
    .prepare<[MessageId, MessageId], 1>(
      `WITH RECURSIVE way (id, parent_id) AS (
        SELECT id, parent_id FROM messages WHERE id = ?
        UNION ALL
        SELECT m.id, m.parent_id FROM way CROSS JOIN messages AS m ON m.id = way.parent_id)
      SELECT 1 FROM way WHERE id = ?`,
    )
    .pluck();

  return {
    versionsOf({ conversation_id, parent_id, role, has_siblings }) {
      if (parent_id !== null && !has_siblings) return undefined;
      const found = parent_id === null ? roots.all(conversation_id, role) : siblings.all(parent_id, role);
      return found.length > 1 ? found : undefined;
    },
    newestLeaf: (id) => newestLeaf.get(id) ?? id,
    isOnPath: (id, leafId) => onPath.get(leafId, id) !== undefined,
  };
}
