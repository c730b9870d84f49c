// SQL of messages, their parts, and the tree they form.
import type Database from 'better-sqlite3';
import type { Message, MessagePart, MessageState, MessageVersion } from '../../../contract/conversations.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { AnswerText } from '../interface.ts';
import type { MessageRecord } from '../protocol.ts';
import { EMOTION_COLUMNS, emotionOf, type EmotionRow } from './emotions.ts';
import { TURN_COLUMNS, turnOf, type TurnRow } from './turns.ts';
import { type VersionRow, VERSIONS_COLUMN, versionSql } from './versions.ts';

interface NewMessage {
  id: MessageId;
  conversationId: ConversationId;
  parentId: MessageId | null;
  role: Message['role'];
  state: MessageState;
  client: string;
  nowMs: number;
}

/** What tells where a message stands, without its text. */
export interface MessageHead {
  conversationId: ConversationId;
  role: Message['role'];
  state: MessageState;
}

export interface MessageSql {
  insert(message: NewMessage): void;
  head(id: MessageId): MessageHead | undefined;
  get(id: MessageId): MessageRecord | undefined;
  /** From the root to the given message; empty when there is no such message. */
  path(leafId: MessageId): MessageRecord[];
  setState(id: MessageId, state: MessageState): void;
  /** Replaces the parts and ends the message. */
  settle(id: MessageId, state: MessageState, parts: AnswerText, nowMs: number): void;
  unsettledIds(): MessageId[];
}

interface MessageRow extends TurnRow, EmotionRow, VersionRow {
  id: MessageId;
  state: MessageState;
  created_at_ms: number;
  settled_at_ms: number | null;
}
interface PartRow {
  message_id: MessageId;
  kind: MessagePart['type'];
  text: string;
}

const COLUMNS = `m.id, m.conversation_id, m.parent_id, m.role, m.state, m.created_at_ms, m.settled_at_ms, ${TURN_COLUMNS},
  ${EMOTION_COLUMNS}, ${VERSIONS_COLUMN}`;
const BESIDE = `LEFT JOIN turns AS t ON t.message_id = m.id LEFT JOIN emotions AS e ON e.message_id = m.id`;
/** The way up from a message, `depth` steps; cross joins keep SQLite from starting at the wrong end. */
const WAY_UP = `WITH RECURSIVE way (id, parent_id, depth) AS (
  SELECT id, parent_id, 0 FROM messages WHERE id = ?
  UNION ALL
  SELECT m.id, m.parent_id, way.depth + 1 FROM way CROSS JOIN messages AS m ON m.id = way.parent_id)`;

export function messageSql(db: Database.Database): MessageSql {
  const versions = versionSql(db);
  const insert = db.prepare<[NewMessage & { settledAtMs: number | null }]>(`
    INSERT INTO messages (id, conversation_id, parent_id, role, state, client, created_at_ms, settled_at_ms)
    VALUES (@id, @conversationId, @parentId, @role, @state, @client, @nowMs, @settledAtMs)`);
  const head = db.prepare<[MessageId], MessageHead>(
    'SELECT conversation_id AS conversationId, role, state FROM messages WHERE id = ?',
  );
  const get = db.prepare<[MessageId], MessageRow>(`SELECT ${COLUMNS} FROM messages AS m ${BESIDE} WHERE m.id = ?`);
  const parts = db.prepare<[MessageId], PartRow>(
    'SELECT message_id, kind, text FROM parts WHERE message_id = ? ORDER BY position',
  );
  const path = db.prepare<[MessageId], MessageRow>(`${WAY_UP}
    SELECT ${COLUMNS} FROM way CROSS JOIN messages AS m ON m.id = way.id ${BESIDE}
    ORDER BY way.depth DESC`);
  const pathParts = db.prepare<[MessageId], PartRow>(`${WAY_UP}
    SELECT p.message_id, p.kind, p.text FROM way CROSS JOIN parts AS p ON p.message_id = way.id
    ORDER BY way.depth DESC, p.position`);
  const setState = db.prepare<[MessageState, MessageId]>('UPDATE messages SET state = ? WHERE id = ?');
  const end = db.prepare<[MessageState, number, MessageId]>(
    'UPDATE messages SET state = ?, settled_at_ms = ? WHERE id = ?',
  );
  const dropParts = db.prepare<[MessageId]>('DELETE FROM parts WHERE message_id = ?');
  const addPart = db.prepare<[MessageId, number, MessagePart['type'], string]>(
    'INSERT INTO parts (message_id, position, kind, text) VALUES (?, ?, ?, ?)',
  );
  const unsettledIds = db
    .prepare<[], MessageId>(`SELECT id FROM messages WHERE state IN ('waiting', 'streaming') ORDER BY id`)
    .pluck();

  return {
    insert(message) {
      insert.run({ ...message, settledAtMs: null });
    },
    head: (id) => head.get(id),
    get(id) {
      const row = get.get(id);
      return row && recordOf(row, parts.all(id), versions.versionsOf(row));
    },
    path(leafId) {
      const partsOf = new Map<MessageId, PartRow[]>();
      for (const part of pathParts.all(leafId)) {
        const earlier = partsOf.get(part.message_id);
        if (earlier) earlier.push(part);
        else partsOf.set(part.message_id, [part]);
      }
      return path.all(leafId).map((row) => recordOf(row, partsOf.get(row.id) ?? [], versions.versionsOf(row)));
    },
    setState(id, state) {
      setState.run(state, id);
    },
    settle(id, state, { thinking, text }, nowMs) {
      dropParts.run(id);
      let position = 0;
      if (thinking !== '') addPart.run(id, position++, 'thinking', thinking);
      if (text !== '') addPart.run(id, position, 'text', text);
      end.run(state, nowMs, id);
    },
    unsettledIds: () => unsettledIds.all(),
  };
}

function recordOf(row: MessageRow, parts: PartRow[], versions: MessageVersion[] | undefined): MessageRecord {
  const { factsUsed, ...turn } = turnOf(row);
  const emotion = emotionOf(row);
  return {
    id: row.id,
    conversationId: row.conversation_id,
    parentId: row.parent_id,
    role: row.role,
    state: row.state,
    parts: parts.map(({ kind, text }) => ({ type: kind, text })),
    createdAtMs: row.created_at_ms,
    settledAtMs: row.settled_at_ms,
    ...turn,
    ...(factsUsed === null ? {} : { factsUsed }),
    ...(emotion === null ? {} : { emotion }),
    ...(versions === undefined ? {} : { versions }),
  };
}
