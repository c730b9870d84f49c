-- What a chat asks, what is remembered about the user, the tone of questions, and who answered in which chat.

-- Null leaves it to the settings.
ALTER TABLE conversations ADD COLUMN choice_backend TEXT;
ALTER TABLE conversations ADD COLUMN choice_model TEXT;

ALTER TABLE turns ADD COLUMN facts_used INTEGER; -- how many facts the model saw; null when none

CREATE TABLE facts (
  id TEXT PRIMARY KEY NOT NULL,
  text TEXT NOT NULL,
  is_on INTEGER NOT NULL, -- 0: kept, and shown to no model
  created_at_ms INTEGER NOT NULL,
  -- Where the user said it. A fact outlives its chat.
  conversation_id TEXT REFERENCES conversations (id) ON DELETE SET NULL,
  message_id TEXT REFERENCES messages (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX facts_by_conversation ON facts (conversation_id) WHERE conversation_id IS NOT NULL; -- for the foreign keys
CREATE INDEX facts_by_message ON facts (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE emotions (
  message_id TEXT PRIMARY KEY NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  label TEXT NOT NULL,
  confidence REAL NOT NULL, -- 0 to 1
  source TEXT NOT NULL -- JSON: who judged it
) STRICT;

-- The backends and models that answered, each once, and in which chats. `turns` says the same answer by answer; here the
-- history is filtered without reading all of them.
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  label TEXT NOT NULL,
  host TEXT,
  model TEXT
) STRICT;
CREATE UNIQUE INDEX sources_once ON sources (kind, label, ifnull(host, ''), ifnull(model, ''));

CREATE TABLE conversation_sources (
  source_id INTEGER NOT NULL REFERENCES sources (id),
  conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  PRIMARY KEY (source_id, conversation_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_sources_by_conversation ON conversation_sources (conversation_id);

-- OR IGNORE: rows that differ only in NULL and '' are one source, and must not keep the file from opening.
INSERT OR IGNORE INTO sources (kind, label, host, model)
SELECT DISTINCT backend_kind, ifnull(backend_label, ''), host, model FROM turns WHERE backend_kind IS NOT NULL;

INSERT INTO conversation_sources (source_id, conversation_id)
SELECT DISTINCT s.id, m.conversation_id
FROM turns AS t
JOIN messages AS m ON m.id = t.message_id
JOIN sources AS s ON s.kind = t.backend_kind AND s.label = ifnull(t.backend_label, '')
  AND ifnull(s.host, '') = ifnull(t.host, '') AND ifnull(s.model, '') = ifnull(t.model, '');
