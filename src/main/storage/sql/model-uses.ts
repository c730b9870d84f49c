// SQL of when a model answered last.
import type Database from 'better-sqlite3';
import type { ModelEngine } from '../../../contract/models.ts';
import type { ModelUse } from '../interface.ts';

/** The time in front of a UUIDv7: 48 bits of milliseconds. */
const TIME_DIGITS = 12;

export function modelUsesSql(db: Database.Database): () => ModelUse[] {
  const lasts = db.prepare<[], { engine: ModelEngine; model: string; message_id: string }>(`
    SELECT backend_kind AS engine, model, max(message_id) AS message_id FROM turns
    WHERE backend_kind IN ('ollama', 'llamacpp') AND model IS NOT NULL GROUP BY backend_kind, model`);
  return () =>
    lasts.all().map(({ engine, model, message_id }) => ({
      engine,
      model,
      lastUsedAtMs: Number.parseInt(message_id.replaceAll('-', '').slice(0, TIME_DIGITS), 16),
    }));
}
