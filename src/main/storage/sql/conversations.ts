// SQL of conversations: the list, the active leaf, the bin.
import type Database from 'better-sqlite3';
import type { ConversationSummary } from '../../../contract/conversations.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';

export interface ConversationSql {
  insert(id: ConversationId, title: string, nowMs: number): void;
  /** Also finds what is in the bin. */
  get(id: ConversationId): (ConversationSummary & { deletedAtMs: number | null }) | undefined;
  /** What comes after the given place, newest first. */
  page(after: { updatedAtMs: number; id: ConversationId } | undefined, limit: number): ConversationSummary[];
  /** Something new was asked: the conversation moves up and shows that answer. */
  setActiveLeaf(id: ConversationId, leafId: MessageId, nowMs: number): void;
  touch(id: ConversationId, nowMs: number): void;
  rename(id: ConversationId, title: string): void;
  /** One that is in the bin already keeps the time it went there. */
  moveToBin(id: ConversationId, nowMs: number): void;
  takeFromBin(id: ConversationId): void;
  /** Deletes for good what went into the bin before; returns how many. */
  purge(deletedBeforeMs: number): number;
}

const SUMMARY = `id, title, created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs, active_leaf_id AS activeLeafId`;

export function conversationSql(db: Database.Database): ConversationSql {
  const insert = db.prepare<[ConversationId, string, number, number]>(
    'INSERT INTO conversations (id, title, created_at_ms, updated_at_ms) VALUES (?, ?, ?, ?)',
  );
  const get = db.prepare<[ConversationId], ConversationSummary & { deletedAtMs: number | null }>(
    `SELECT ${SUMMARY}, deleted_at_ms AS deletedAtMs FROM conversations WHERE id = ?`,
  );
  const page = db.prepare<[number, string, number], ConversationSummary>(`
    SELECT ${SUMMARY} FROM conversations WHERE deleted_at_ms IS NULL AND (updated_at_ms, id) < (?, ?)
    ORDER BY updated_at_ms DESC, id DESC LIMIT ?`);
  const setActiveLeaf = db.prepare<[MessageId, number, ConversationId]>(
    'UPDATE conversations SET active_leaf_id = ?, updated_at_ms = ? WHERE id = ?',
  );
  const touch = db.prepare<[number, ConversationId]>('UPDATE conversations SET updated_at_ms = ? WHERE id = ?');
  const rename = db.prepare<[string, ConversationId]>('UPDATE conversations SET title = ? WHERE id = ?');
  const moveToBin = db.prepare<[number, ConversationId]>(
    'UPDATE conversations SET deleted_at_ms = ? WHERE id = ? AND deleted_at_ms IS NULL',
  );
  const takeFromBin = db.prepare<[ConversationId]>('UPDATE conversations SET deleted_at_ms = NULL WHERE id = ?');
  const purge = db.prepare<[number]>('DELETE FROM conversations WHERE deleted_at_ms < ?');

  return {
    insert: (id, title, nowMs) => void insert.run(id, title, nowMs, nowMs),
    get: (id) => get.get(id),
    page: (after, limit) => page.all(after?.updatedAtMs ?? Number.MAX_SAFE_INTEGER, after?.id ?? '', limit),
    setActiveLeaf: (id, leafId, nowMs) => void setActiveLeaf.run(leafId, nowMs, id),
    touch: (id, nowMs) => void touch.run(nowMs, id),
    rename: (id, title) => void rename.run(title, id),
    moveToBin: (id, nowMs) => void moveToBin.run(nowMs, id),
    takeFromBin: (id) => void takeFromBin.run(id),
    purge: (deletedBeforeMs) => purge.run(deletedBeforeMs).changes,
  };
}
