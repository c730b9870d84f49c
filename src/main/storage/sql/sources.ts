// SQL of who answered in which conversation.
import type Database from 'better-sqlite3';
import type { BackendKind, KnownSource, SourceFilter } from '../../../contract/conversations.ts';
import type { ConversationId } from '../../../contract/ids.ts';

type SourceKey = Omit<KnownSource, 'conversations'>;

export interface SourceSql {
  /** Notes that this source answered in this conversation. */
  note(id: ConversationId, source: SourceKey): void;
  /** The sources that a filter means. */
  matching(filter: SourceFilter): number[];
  /** Those that answered in a conversation outside the bin, the most used first. */
  known(): KnownSource[];
}

const KEY = `kind = @kind AND label = @label AND ifnull(host, '') = ifnull(@host, '') AND ifnull(model, '') = ifnull(@model, '')`;

export function sourceSql(db: Database.Database): SourceSql {
  const add = db.prepare<[SourceKey]>(
    'INSERT OR IGNORE INTO sources (kind, label, host, model) VALUES (@kind, @label, @host, @model)',
  );
  const join = db.prepare<[SourceKey & { conversationId: ConversationId }]>(`
    INSERT OR IGNORE INTO conversation_sources (source_id, conversation_id)
    SELECT id, @conversationId FROM sources WHERE ${KEY}`);
  // One row for each backend and model ever used: few, however long the history.
  const all = db.prepare<[], SourceKey & { id: number; kind: BackendKind }>(
    'SELECT id, kind, label, host, model FROM sources',
  );
  const known = db.prepare<[], KnownSource>(`
    SELECT s.kind, s.label, s.host, s.model, count(*) AS conversations
    FROM sources AS s
    CROSS JOIN conversation_sources AS cs ON cs.source_id = s.id
    CROSS JOIN conversations AS c ON c.id = cs.conversation_id
    WHERE c.deleted_at_ms IS NULL
    GROUP BY s.id ORDER BY conversations DESC, s.id DESC`);
  return {
    note(conversationId, { kind, label, host, model }) {
      const key = { kind, label, host, model };
      add.run(key);
      join.run({ ...key, conversationId });
    },
    matching: (filter) =>
      all
        .all()
        .filter((source) => isMeant(source, filter))
        .map(({ id }) => id),
    known: () => known.all(),
  };
}

function isMeant(source: SourceKey, { kind, label, host, model }: SourceFilter): boolean {
  return (
    (kind === undefined || source.kind === kind) &&
    (label === undefined || source.label === label) &&
    (host === undefined || source.host === host) &&
    (model === undefined || source.model === model)
  );
}
