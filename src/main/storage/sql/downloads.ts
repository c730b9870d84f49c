// SQL of models on their way here.
import type Database from 'better-sqlite3';
import type { DownloadId, DownloadState } from '../../../contract/downloads.ts';
import type { ErrorCode, ErrorParams } from '../../../contract/errors.ts';
import type { DownloadLayer } from '../interface.ts';
import type { DownloadRecord } from '../protocol.ts';

interface DownloadRow {
  id: DownloadId;
  model: string;
  is_insecure: number;
  state: DownloadState;
  position: number;
  layers: string;
  progress: number;
  error_code: ErrorCode | null;
  error_params: string | null;
  error_detail: string | null;
  created_at_ms: number;
  finished_at_ms: number | null;
}

export interface DownloadSql {
  /** In the order in which they run. */
  all(): DownloadRecord[];
  put(download: DownloadRecord): void;
  drop(id: DownloadId): void;
}

export function downloadSql(db: Database.Database): DownloadSql {
  const all = db.prepare<[], DownloadRow>('SELECT * FROM downloads ORDER BY position, id');
  const put = db.prepare<[DownloadRow]>(`
    INSERT OR REPLACE INTO downloads (id, model, is_insecure, state, position, layers, progress, error_code, error_params,
      error_detail, created_at_ms, finished_at_ms)
    VALUES (@id, @model, @is_insecure, @state, @position, @layers, @progress, @error_code, @error_params,
      @error_detail, @created_at_ms, @finished_at_ms)`);
  const drop = db.prepare<[DownloadId]>('DELETE FROM downloads WHERE id = ?');
  return {
    all: () => all.all().map(downloadOf),
    put({ id, model, isInsecure, state, position, layers, progress, problem, createdAtMs, finishedAtMs }) {
      put.run({
        id,
        model,
        is_insecure: isInsecure ? 1 : 0,
        state,
        position,
        layers: JSON.stringify(layers),
        progress,
        error_code: problem?.code ?? null,
        error_params: problem && JSON.stringify(problem.params),
        error_detail: problem?.detail ?? null,
        created_at_ms: createdAtMs,
        finished_at_ms: finishedAtMs,
      });
    },
    drop(id) {
      drop.run(id);
    },
  };
}

/** Only this file writes the JSON, so it knows the shape. */
function downloadOf(row: DownloadRow): DownloadRecord {
  return {
    id: row.id,
    model: row.model,
    isInsecure: row.is_insecure === 1,
    state: row.state,
    position: row.position,
    layers: JSON.parse(row.layers) as DownloadLayer[],
    progress: row.progress,
    problem: row.error_code && {
      code: row.error_code,
      params: JSON.parse(row.error_params ?? '{}') as ErrorParams,
      ...(row.error_detail === null ? {} : { detail: row.error_detail }),
    },
    createdAtMs: row.created_at_ms,
    finishedAtMs: row.finished_at_ms,
  };
}
