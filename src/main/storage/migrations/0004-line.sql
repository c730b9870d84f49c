-- Messages in line: typed while an answer of their chat was on its way, asked one after the other.

CREATE TABLE line (
  id TEXT PRIMARY KEY NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  position INTEGER NOT NULL, -- in its chat, from 1; of two with the same the one with the smaller id comes first
  text TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX line_by_conversation ON line (conversation_id, position, id);
