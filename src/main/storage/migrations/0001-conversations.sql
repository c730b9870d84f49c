-- Conversations, their messages as a tree, and the journal of answers that are still being written.
-- Kinds and states carry no CHECK: new ones will come, and a CHECK can only be changed by rewriting the whole table.

PRAGMA application_id = 1215460456; -- 'Hrth': tells our files from those of other programs

CREATE TABLE conversations (
  id TEXT PRIMARY KEY NOT NULL, -- UUIDv7, like every id here
  title TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL, -- time of the last message
  active_leaf_id TEXT REFERENCES messages (id) DEFERRABLE INITIALLY DEFERRED,
  deleted_at_ms INTEGER -- set: in the bin since then
) STRICT;
CREATE INDEX conversations_in_list ON conversations (updated_at_ms DESC, id DESC) WHERE deleted_at_ms IS NULL;
CREATE INDEX conversations_in_bin ON conversations (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
CREATE INDEX conversations_by_leaf ON conversations (active_leaf_id); -- for the foreign key when messages go

CREATE TABLE messages (
  id TEXT PRIMARY KEY NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  -- No cascade along the tree: SQLite limits its depth to 1,000. Messages go with their conversation.
  parent_id TEXT REFERENCES messages (id) DEFERRABLE INITIALLY DEFERRED,
  role TEXT NOT NULL, -- user, assistant
  state TEXT NOT NULL, -- waiting, streaming, done, stopped, failed, interrupted
  client TEXT NOT NULL, -- who asked: window, cli
  created_at_ms INTEGER NOT NULL,
  settled_at_ms INTEGER
) STRICT;
CREATE INDEX messages_by_conversation ON messages (conversation_id);
CREATE INDEX messages_by_parent ON messages (parent_id);
CREATE INDEX messages_unsettled ON messages (state) WHERE state IN ('waiting', 'streaming');

CREATE TABLE parts (
  id INTEGER PRIMARY KEY, -- named, so that it survives VACUUM and a search index can refer to it
  message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  position INTEGER NOT NULL, -- from 0, in reading order
  kind TEXT NOT NULL, -- thinking, text
  text TEXT NOT NULL,
  UNIQUE (message_id, position)
) STRICT;

-- Where an answer came from, what it cost, and why it failed. The sentence of an error is made when it is read.
CREATE TABLE turns (
  message_id TEXT PRIMARY KEY NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  backend_kind TEXT, -- null: no backend took the question
  backend_url TEXT,
  backend_label TEXT,
  model TEXT,
  host TEXT,
  skipped TEXT, -- JSON: backends that were tried before
  usage TEXT, -- JSON: tokens and times
  error_code TEXT,
  error_params TEXT, -- JSON
  error_detail TEXT
) STRICT;

-- What has arrived of an unsettled answer, in pieces. Emptied when the answer settles.
CREATE TABLE journal (
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  kind TEXT NOT NULL, -- thinking, text
  text BLOB NOT NULL -- UTF-16LE: a piece may end between the two halves of a character, which TEXT cannot hold
) STRICT;
CREATE INDEX journal_by_message ON journal (message_id);
