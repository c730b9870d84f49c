// SQL of what stands beside an answer: its source, its cost, its error.
import type Database from 'better-sqlite3';
import type { AnswerSource, AnswerUsage, BackendKind } from '../../../contract/conversations.ts';
import type { ErrorCode, ErrorParams } from '../../../contract/errors.ts';
import type { MessageId } from '../../../contract/ids.ts';
import type { ErrorRecord, SkippedRecord, SourceRecord } from '../protocol.ts';

/** The columns to select from `turns AS t` for `turnOf`. */
export const TURN_COLUMNS = `t.backend_kind, t.backend_url, t.backend_label, t.model, t.host, t.skipped, t.usage,
  t.facts_used, t.error_code, t.error_params, t.error_detail`;

/** All null when the message has no turn. */
export interface TurnRow {
  backend_kind: BackendKind | null;
  backend_url: string | null;
  backend_label: string | null;
  model: string | null;
  host: string | null;
  skipped: string | null;
  usage: string | null;
  facts_used: number | null;
  error_code: ErrorCode | null;
  error_params: string | null;
  error_detail: string | null;
}

export interface Turn {
  source: SourceRecord | null;
  usage: AnswerUsage | null;
  /** How many facts the model saw; null when none. */
  factsUsed: number | null;
  error: ErrorRecord | null;
}

export interface TurnSql {
  write(id: MessageId, turn: Turn): void;
  /** Keeps what is known of the source. */
  writeError(id: MessageId, error: ErrorRecord): void;
  hasEngineAnswered(): boolean;
}

export function turnSql(db: Database.Database): TurnSql {
  const write = db.prepare<[TurnRow & { id: MessageId }]>(`
    INSERT OR REPLACE INTO turns (message_id, backend_kind, backend_url, backend_label, model, host, skipped, usage,
      facts_used, error_code, error_params, error_detail)
    VALUES (@id, @backend_kind, @backend_url, @backend_label, @model, @host, @skipped, @usage,
      @facts_used, @error_code, @error_params, @error_detail)`);
  const writeError = db.prepare<[MessageId, ErrorCode, string, string | null]>(`
    INSERT INTO turns (message_id, error_code, error_params, error_detail) VALUES (?, ?, ?, ?)
    ON CONFLICT (message_id) DO UPDATE SET error_code = excluded.error_code, error_params = excluded.error_params,
      error_detail = excluded.error_detail`);
  // What has a usage had a first token. The two ranges go through the index, so that a long history of demo replies costs nothing.
  const answered = db.prepare<[], { found: 0 | 1 }>(`
    SELECT EXISTS (
      SELECT 1 FROM turns WHERE (backend_kind < 'demo' OR backend_kind > 'demo') AND usage IS NOT NULL
    ) AS found`);
  return {
    write(id, { source, usage, factsUsed, error }) {
      write.run({
        id,
        backend_kind: source?.kind ?? null,
        backend_url: source?.url ?? null,
        backend_label: source?.label ?? null,
        model: source?.model ?? null,
        host: source?.host ?? null,
        skipped: source && JSON.stringify(source.skipped.map(withoutSentence)),
        usage: usage && JSON.stringify(usage),
        facts_used: factsUsed,
        error_code: error?.code ?? null,
        error_params: error && JSON.stringify(error.params),
        error_detail: error?.detail ?? null,
      });
    },
    writeError(id, { code, params, detail }) {
      writeError.run(id, code, JSON.stringify(params), detail ?? null);
    },
    hasEngineAnswered: () => answered.get()?.found === 1,
  };
}

export function turnOf(row: TurnRow): Turn {
  return {
    source: row.backend_kind && {
      kind: row.backend_kind,
      url: row.backend_url ?? '',
      label: row.backend_label ?? '',
      model: row.model,
      host: row.host,
      skipped: (parse(row.skipped) as SkippedRecord[] | null) ?? [],
    },
    usage: parse(row.usage) as AnswerUsage | null,
    factsUsed: row.facts_used,
    error: row.error_code && {
      code: row.error_code,
      params: (parse(row.error_params) as ErrorParams | null) ?? {},
      ...(row.error_detail === null ? {} : { detail: row.error_detail }),
    },
  };
}

/** Only this file writes these columns, so their readers know the shape. */
function parse(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}

/** The source without the sentences of its reasons. */
export function sourceRecordOf(source: AnswerSource): SourceRecord {
  return { ...source, skipped: source.skipped.map(withoutSentence) };
}

/** The reason comes in with today's sentence; what is kept is what the sentence is made from. */
function withoutSentence({ kind, label, reason }: SkippedRecord): SkippedRecord {
  const { code, params, detail } = reason;
  return { kind, label, reason: { code, params, ...(detail === undefined ? {} : { detail }) } };
}
