// Prints a history in the schema of today as SQL, for tests/fixtures/schema: run once per released schema, never edited.
//   node tests/support/make-schema-fixture.ts > tests/fixtures/schema/0004.sql
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { AnswerSource } from '../../src/contract/conversations.ts';
import type { DownloadId } from '../../src/contract/downloads.ts';
import type { ConversationId, FactId, LineId, MessageId } from '../../src/contract/ids.ts';
import { errorInfo } from '../../src/main/errors/index.ts';
import { openStorage, type NewTurn } from '../../src/main/storage/index.ts';

const chatId = (number: number): ConversationId => id(1, number) as ConversationId;
const messageId = (number: number): MessageId => id(2, number) as MessageId;
const id = (kind: number, number: number): string =>
  `0199c3a0-${String(kind).padStart(4, '0')}-7000-8000-${String(number).padStart(12, '0')}`;

const folder = mkdtempSync(join(tmpdir(), 'hearth-fixture-'));
try {
  await fill();
  const db = new Database(join(folder, 'history.sqlite'));
  process.stdout.write(dump(db));
  db.close();
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * Chats with a branch, every state and one in the bin, an answer that is still being written, two messages in line, two
 * downloads, two facts and a tone.
 */
async function fill(): Promise<void> {
  const storage = await openStorage({
    folder,
    workerUrl: new URL('../../src/main/storage/worker.ts', import.meta.url),
  });
  const reason = errorInfo('backend_unreachable', { backend: 'Ollama', host: '127.0.0.1:11434' }, 'ECONNREFUSED');
  const source: AnswerSource = {
    kind: 'llamacpp',
    url: 'llamacpp:///models/tiny.gguf',
    label: 'Built-in engine',
    model: 'tiny.gguf',
    host: null,
    skipped: [{ kind: 'ollama', label: 'Ollama', reason }],
  };
  const usage = { promptTokens: 26, answerTokens: 7, loadMs: null, firstTokenMs: 12.5, answerMs: 40, totalMs: 55.25 };
  const turn = (given: Partial<NewTurn> & { at: number; text: string; parent?: number }): NewTurn => ({
    newConversation: null,
    conversationId: chatId(1),
    question: { id: messageId(given.at), parentId: given.parent ? messageId(given.parent) : null, text: given.text },
    answerId: messageId(given.at + 1),
    nowMs: 1_700_000_000_000 + given.at,
    client: 'window',
    ...given,
  });
  const nowMs = 1_700_000_001_000;
  const none = { thinking: '', source: null, usage: null, error: null, nowMs };

  await storage.beginTurn(
    turn({ at: 10, text: "What's a mutex? 🔒", newConversation: { id: chatId(1), title: 'Mutex' } }),
  );
  const answered = { ...none, state: 'done' as const, text: 'A lock.', thinking: 'Hm.', source, usage, factsUsed: 2 };
  await storage.settle({ ...answered, messageId: messageId(11) });
  await storage.setEmotion(messageId(10), { label: 'surprise', confidence: 0.75, source });
  await storage.chooseConversation(chatId(1), { backend: 'llamacpp', model: 'tiny.gguf' });
  await storage.beginAnswer({ answerId: messageId(12), questionId: messageId(10), nowMs, client: 'cli' });
  const error = errorInfo('stream_cut', { backend: 'Ollama' }, 'socket hang up');
  await storage.settle({ ...none, messageId: messageId(12), state: 'failed', text: 'A l', error });
  await storage.beginTurn(turn({ at: 20, text: 'And a semaphore?', parent: 11 }));
  await storage.settle({ ...none, messageId: messageId(21), state: 'stopped', text: '' });

  const binned = { conversationId: chatId(2), newConversation: { id: chatId(2), title: 'In the bin' } };
  await storage.beginTurn(turn({ at: 30, text: 'Forget this', ...binned }));
  await storage.settle({ ...none, messageId: messageId(31), state: 'interrupted', text: 'For' });
  await storage.deleteConversation(chatId(2), nowMs);

  const last = { conversationId: chatId(3), newConversation: { id: chatId(3), title: 'Still writing' } };
  await storage.beginTurn(turn({ at: 40, text: 'Tell me a story', ...last }));
  await storage.markStreaming(messageId(41), source);
  await storage.appendJournal([
    { messageId: messageId(41), kind: 'thinking', text: 'Which?' },
    { messageId: messageId(41), kind: 'text', text: 'Once ' },
    { messageId: messageId(41), kind: 'text', text: 'upon' },
  ]);

  const waiting = { conversationId: chatId(3), createdAtMs: nowMs };
  await storage.putInLine({ ...waiting, id: id(5, 2) as LineId, text: 'In Norwegian, please. 🔒' });
  await storage.putInLine({ ...waiting, id: id(5, 1) as LineId, text: 'And shorter' });

  const fact = { isOn: true, createdAtMs: nowMs };
  const said = { conversationId: chatId(1), messageId: messageId(10) };
  await storage.putFact({ ...fact, id: id(4, 1) as FactId, text: 'Writes programs. 🔒', source: said });
  await storage.putFact({ ...fact, id: id(4, 2) as FactId, text: 'Lives in Oslo.', isOn: false, source: null });

  const download = { isInsecure: false, problem: null, createdAtMs: nowMs, finishedAtMs: null };
  const layers = [{ digest: 'sha256:bd1e949e85851c00', total: 465_120, completed: 150_000 }];
  await storage.putDownload({
    ...download,
    id: id(3, 1) as DownloadId,
    model: '127.0.0.1:5002/library/tiny:latest',
    isInsecure: true,
    state: 'running',
    position: 1,
    layers,
    progress: 0.25,
  });
  await storage.putDownload({
    ...download,
    id: id(3, 2) as DownloadId,
    model: 'llama3.2:3b',
    state: 'failed',
    position: 2,
    layers: [],
    progress: 0,
    problem: errorInfo('pull_not_found', { model: 'llama3.2:3b', host: 'registry.ollama.ai' }, 'file does not exist'),
    finishedAtMs: nowMs,
  });
  await storage.close();
}

function dump(db: Database.Database): string {
  // Rows come table by table, before those they refer to.
  const lines = ['PRAGMA foreign_keys = OFF;'];
  for (const name of ['application_id', 'user_version']) {
    lines.push(`PRAGMA ${name} = ${Number(db.pragma(name, { simple: true }))};`);
  }
  const schema = db
    .prepare<[], { name: string; type: string; sql: string }>(
      'SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL',
    )
    .all();
  for (const { sql } of schema) lines.push(`${sql};`);
  for (const { name } of schema.filter((entry) => entry.type === 'table')) {
    const columns = db.prepare<[], string>(`SELECT name FROM pragma_table_info('${name}')`).pluck().all();
    const values = columns.map((column) => `quote(${column})`).join(` || ', ' || `);
    for (const row of db
      .prepare<[], string>(`SELECT ${values} FROM ${name} ORDER BY ${columns.join(', ')}`)
      .pluck()
      .all()) {
      lines.push(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${row});`);
    }
  }
  return `${lines.join('\n')}\n`;
}
