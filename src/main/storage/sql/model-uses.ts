// SQL of when a model answered last.
import type Database from 'better-sqlite3';
import type { ModelEngine } from '../../../contract/models.ts';
import type { ModelUse } from '../interface.ts';

/** The time in front of a UUIDv7: 48 bits of milliseconds. */
const TIME_DIGITS = 12;
const ENGINES: readonly ModelEngine[] = ['ollama', 'llamacpp'];

export function modelUsesSql(db: Database.Database): () => ModelUse[] {
  // From model to model through the index, two look-ups each: grouping would read the index of the whole history.
  const lasts = db.prepare<[{ engine: ModelEngine }], { model: string; message_id: string }>(`
    WITH RECURSIVE models (model) AS (
      SELECT min(model) FROM turns WHERE backend_kind = @engine
      UNION ALL
      SELECT (SELECT min(model) FROM turns WHERE backend_kind = @engine AND model > models.model) FROM models
      WHERE model IS NOT NULL
    )
    SELECT model, (SELECT max(message_id) FROM turns WHERE backend_kind = @engine AND model = models.model) AS message_id
    FROM models WHERE model IS NOT NULL`);
  return () =>
    ENGINES.flatMap((engine) =>
      lasts.all({ engine }).map(({ model, message_id }) => ({
        engine,
        model,
        lastUsedAtMs: Number.parseInt(message_id.replaceAll('-', '').slice(0, TIME_DIGITS), 16),
      })),
    );
}
