// SQL of conversations: the list, the active leaf, into the bin and out of it.
import type Database from 'better-sqlite3';
import type { ChatChoice, ConversationSummary } from '../../../contract/conversations.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';

interface NewConversation {
  id: ConversationId;
  title: string;
  choice: ChatChoice | null;
}

interface PagePlace {
  updatedAtMs: number;
  id: ConversationId;
}

interface BinPlace {
  deletedAtMs: number;
  id: ConversationId;
}

type Found = ConversationSummary & { deletedAtMs: number | null };
interface Row extends Omit<Found, 'choice'> {
  choiceBackend: string | null;
  choiceModel: string | null;
}

export interface ConversationSql {
  insert(conversation: NewConversation, nowMs: number): void;
  /** Also finds what is in the bin. */
  get(id: ConversationId): Found | undefined;
  /** What comes after the given place, newest first; with `sourceIds` only those that one of these sources answered in. */
  page(after: PagePlace | undefined, limit: number, sourceIds?: readonly number[]): ConversationSummary[];
  /** Something new was asked: the conversation moves up and shows that answer. */
  setActiveLeaf(id: ConversationId, leafId: MessageId, nowMs: number): void;
  /** Another path is looked at: the conversation stays where it is in the list. */
  showLeaf(id: ConversationId, leafId: MessageId): void;
  touch(id: ConversationId, nowMs: number): void;
  rename(id: ConversationId, title: string): void;
  choose(id: ConversationId, choice: ChatChoice | null): void;
  /** One that is in the bin already keeps the time it went there. */
  moveToBin(id: ConversationId, nowMs: number): void;
  takeFromBin(id: ConversationId): void;
  /** What was deleted last comes first. */
  binPage(after: BinPlace | undefined, limit: number): (ConversationSummary & { deletedAtMs: number })[];
  countBin(): number;
  /** Deletes for good, with its messages, one that is in the bin; false when there is none. */
  purge(id: ConversationId): boolean;
  /** Deletes for good what went into the bin until then; returns what that was. */
  purgeUpTo(deletedUpToMs: number): ConversationId[];
}

const COLUMNS = `id, title, created_at_ms AS createdAtMs, updated_at_ms AS updatedAtMs, active_leaf_id AS activeLeafId,
  choice_backend AS choiceBackend, choice_model AS choiceModel, deleted_at_ms AS deletedAtMs`;

export function conversationSql(db: Database.Database): ConversationSql {
  const insert = db.prepare<[ConversationId, string, number, number, string | null, string | null]>(`
    INSERT INTO conversations (id, title, created_at_ms, updated_at_ms, choice_backend, choice_model)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const get = db.prepare<[ConversationId], Row>(`SELECT ${COLUMNS} FROM conversations WHERE id = ?`);
  const pageOf = (condition: string) => `
    SELECT ${COLUMNS} FROM conversations
    WHERE deleted_at_ms IS NULL AND (updated_at_ms, id) < (@updatedAtMs, @id) ${condition}
    ORDER BY updated_at_ms DESC, id DESC LIMIT @limit`;
  const page = db.prepare<[PagePlace & { limit: number }], Row>(pageOf(''));
  // Down the list until the page is full; each chat costs one look-up.
  const pageFrom = db.prepare<[PagePlace & { limit: number; sourceIds: string }], Row>(
    pageOf(`AND EXISTS (SELECT 1 FROM conversation_sources AS s
      WHERE s.conversation_id = conversations.id AND s.source_id IN (SELECT value FROM json_each(@sourceIds)))`),
  );
  const setActiveLeaf = db.prepare<[MessageId, number, ConversationId]>(
    'UPDATE conversations SET active_leaf_id = ?, updated_at_ms = ? WHERE id = ?',
  );
  const showLeaf = db.prepare<[MessageId, ConversationId]>('UPDATE conversations SET active_leaf_id = ? WHERE id = ?');
  const touch = db.prepare<[number, ConversationId]>('UPDATE conversations SET updated_at_ms = ? WHERE id = ?');
  const rename = db.prepare<[string, ConversationId]>('UPDATE conversations SET title = ? WHERE id = ?');
  const choose = db.prepare<[string | null, string | null, ConversationId]>(
    'UPDATE conversations SET choice_backend = ?, choice_model = ? WHERE id = ?',
  );
  const moveToBin = db.prepare<[number, ConversationId]>(
    'UPDATE conversations SET deleted_at_ms = ? WHERE id = ? AND deleted_at_ms IS NULL',
  );
  const takeFromBin = db.prepare<[ConversationId]>('UPDATE conversations SET deleted_at_ms = NULL WHERE id = ?');
  const binPage = db.prepare<[BinPlace & { limit: number }], Row & { deletedAtMs: number }>(`
    SELECT ${COLUMNS} FROM conversations
    WHERE deleted_at_ms IS NOT NULL AND (deleted_at_ms, id) < (@deletedAtMs, @id)
    ORDER BY deleted_at_ms DESC, id DESC LIMIT @limit`);
  const countBin = db.prepare<[], number>('SELECT count(*) FROM conversations WHERE deleted_at_ms IS NOT NULL').pluck();
  const purge = db.prepare<[ConversationId]>('DELETE FROM conversations WHERE id = ? AND deleted_at_ms IS NOT NULL');
  const purgeUpTo = db
    .prepare<[number], ConversationId>('DELETE FROM conversations WHERE deleted_at_ms <= ? RETURNING id')
    .pluck();

  return {
    insert: ({ id, title, choice }, nowMs) =>
      void insert.run(id, title, nowMs, nowMs, choice?.backend ?? null, choice?.model ?? null),
    get(id) {
      const row = get.get(id);
      return row && foundOf(row);
    },
    page(after, limit, sourceIds) {
      const place = { updatedAtMs: after?.updatedAtMs ?? Number.MAX_SAFE_INTEGER, id: after?.id ?? NO_ID, limit };
      const rows = sourceIds ? pageFrom.all({ ...place, sourceIds: JSON.stringify(sourceIds) }) : page.all(place);
      return rows.map((row) => {
        const { deletedAtMs: _, ...summary } = foundOf(row);
        return summary;
      });
    },
    setActiveLeaf: (id, leafId, nowMs) => void setActiveLeaf.run(leafId, nowMs, id),
    showLeaf: (id, leafId) => void showLeaf.run(leafId, id),
    touch: (id, nowMs) => void touch.run(nowMs, id),
    rename: (id, title) => void rename.run(title, id),
    choose: (id, choice) => void choose.run(choice?.backend ?? null, choice?.model ?? null, id),
    moveToBin: (id, nowMs) => void moveToBin.run(nowMs, id),
    takeFromBin: (id) => void takeFromBin.run(id),
    binPage: (after, limit) =>
      binPage
        .all({ deletedAtMs: after?.deletedAtMs ?? Number.MAX_SAFE_INTEGER, id: after?.id ?? NO_ID, limit })
        .map((row) => ({ ...foundOf(row), deletedAtMs: row.deletedAtMs })),
    countBin: () => countBin.get() ?? 0,
    purge: (id) => purge.run(id).changes > 0,
    purgeUpTo: (deletedUpToMs) => purgeUpTo.all(deletedUpToMs),
  };
}

/** Comes before every other id. */
const NO_ID = '' as ConversationId;

function foundOf({ choiceBackend, choiceModel, ...row }: Row): Found {
  const hasChoice = choiceBackend !== null || choiceModel !== null;
  return { ...row, ...(hasChoice ? { choice: { backend: choiceBackend, model: choiceModel } } : {}) };
}
