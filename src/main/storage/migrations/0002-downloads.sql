-- Models on their way to this computer, and finding when a model answered last.

CREATE TABLE downloads (
  id TEXT PRIMARY KEY NOT NULL,
  model TEXT NOT NULL, -- as it was asked for
  is_insecure INTEGER NOT NULL, -- 1: the registry may be plain http
  state TEXT NOT NULL, -- waiting, running, stalled, paused, failed, done
  position INTEGER NOT NULL, -- the order in which they run
  layers TEXT NOT NULL, -- JSON: [{"digest", "total", "completed"}], in bytes
  progress REAL NOT NULL, -- 0 to 1, never less than what was shown
  error_code TEXT,
  error_params TEXT, -- JSON
  error_detail TEXT,
  created_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER
) STRICT;

-- Ids of messages begin with their time, so the greatest of a model is its last use.
CREATE INDEX turns_by_model ON turns (backend_kind, model, message_id);
