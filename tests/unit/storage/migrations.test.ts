// Schemas come and go, histories stay: every migration works whole or leaves the file as it was.
import Database from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ConversationId, MessageId } from '../../../src/contract/ids.ts';
import { errorInfo } from '../../../src/main/errors/index.ts';
import { canMount, smallDisk } from '../../support/small-disk.ts';
import { firstTurn, openHistory, temporaryFolder } from '../../support/storage.ts';

const released = new URL('../../../src/main/storage/migrations/', import.meta.url);
const schemas = new URL('../../fixtures/schema/', import.meta.url);

/** The released migrations and more of them. */
function migrationsWith(further: Record<string, string>): URL {
  const folder = join(temporaryFolder(), 'migrations');
  mkdirSync(folder);
  for (const name of readdirSync(released)) copyFileSync(new URL(name, released), join(folder, name));
  for (const [name, sql] of Object.entries(further)) writeFileSync(join(folder, name), sql);
  return pathToFileURL(`${folder}/`);
}

/** A history of today's schema with one turn in it. */
async function makeHistory(folder: string, text = 'What is a mutex?'): Promise<string> {
  const storage = await openHistory(folder);
  await storage.beginTurn(firstTurn({ text }));
  await storage.close();
  return join(folder, 'history.sqlite');
}

function read(path: string, sql: string): unknown {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare(sql).pluck().all();
  } finally {
    db.close();
  }
}

const GOOD = 'ALTER TABLE conversations ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;';

describe('a migration', () => {
  it('brings the file to the next schema after a backup', async () => {
    const folder = temporaryFolder();
    const path = await makeHistory(folder);
    const storage = await openHistory(folder, { migrationsUrl: migrationsWith({ '0005-pins.sql': GOOD }) });
    expect(await storage.facts()).toMatchObject({ schemaVersion: 5, conversations: 1, messages: 2 });
    await storage.close();
    expect(read(path, 'SELECT is_pinned FROM conversations')).toEqual([0]);

    expect(readdirSync(join(folder, 'backups'))).toEqual(['history-before-5.sqlite']);
    const backup = join(folder, 'backups', 'history-before-5.sqlite');
    expect(read(backup, 'PRAGMA user_version')).toEqual([4]);
    expect(read(backup, 'SELECT text FROM parts')).toEqual(['What is a mutex?']);
    if (process.platform !== 'win32') {
      expect((statSync(backup).mode & 0o777).toString(8)).toBe('600');
      expect((statSync(join(folder, 'backups')).mode & 0o777).toString(8)).toBe('700');
    }
  });

  it('needs no backup of a new history', async () => {
    const folder = temporaryFolder();
    const storage = await openHistory(folder, { migrationsUrl: migrationsWith({ '0005-pins.sql': GOOD }) });
    expect(await storage.facts()).toMatchObject({ schemaVersion: 5 });
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  });

  it('may rebuild a table that others refer to', async () => {
    const folder = temporaryFolder();
    await makeHistory(folder);
    const rebuild = `CREATE TABLE renewed AS SELECT * FROM messages;
      DROP TABLE messages;
      CREATE TABLE messages (id TEXT PRIMARY KEY NOT NULL, conversation_id TEXT NOT NULL REFERENCES conversations (id)
        ON DELETE CASCADE, parent_id TEXT REFERENCES messages (id), role TEXT NOT NULL, state TEXT NOT NULL,
        client TEXT NOT NULL, created_at_ms INTEGER NOT NULL, settled_at_ms INTEGER) STRICT;
      INSERT INTO messages SELECT * FROM renewed;
      DROP TABLE renewed;`;
    const storage = await openHistory(folder, { migrationsUrl: migrationsWith({ '0005-rebuild.sql': rebuild }) });
    expect(await storage.facts()).toMatchObject({ schemaVersion: 5, messages: 2 });
    expect(await storage.check()).toEqual([]);
  });

  it.each([
    ['that fails half-way', { '0005-bad.sql': `${GOOD} INSERT INTO nowhere VALUES (1);` }],
    ['that is not SQL', { '0005-bad.sql': 'Dear database,' }],
    ['that fails after a good one', { '0005-good.sql': GOOD, '0006-bad.sql': 'DROP TABLE nowhere;' }],
    ['that leaves rows without their owner', { '0005-bad.sql': 'DELETE FROM conversations;' }],
  ])('%s leaves the file as it was', async (_, further) => {
    const folder = temporaryFolder();
    const path = await makeHistory(folder);
    // A closed answer: recovery, which comes after migrating, has nothing to write.
    await (await openHistory(folder)).close();
    const before = readFileSync(path);
    await expect(openHistory(folder, { migrationsUrl: migrationsWith(further) })).rejects.toMatchObject({
      code: 'storage_failed',
    });
    expect(readFileSync(path).equals(before)).toBe(true);
    const storage = await openHistory(folder);
    expect(await storage.facts()).toMatchObject({ schemaVersion: 4, messages: 2 });
  });

  it('that fails on a new history leaves nothing in it', async () => {
    const folder = temporaryFolder();
    const migrationsUrl = migrationsWith({ '0005-bad.sql': 'DROP TABLE nowhere;' });
    await expect(openHistory(folder, { migrationsUrl })).rejects.toMatchObject({ code: 'storage_failed' });
    expect(statSync(join(folder, 'history.sqlite')).size).toBe(0);
    const storage = await openHistory(folder);
    expect(await storage.facts()).toMatchObject({ schemaVersion: 4 });
  });

  it.each([
    ['that ends its own transaction', { '0005-bad.sql': 'COMMIT;' }],
    ['with a number left out', { '0006-gap.sql': GOOD }],
  ])('%s is refused', async (_, further) => {
    await expect(openHistory(temporaryFolder(), { migrationsUrl: migrationsWith(further) })).rejects.toMatchObject({
      code: 'storage_failed',
    });
  });

  it('that failed can be tried again, with a new backup', async () => {
    const folder = temporaryFolder();
    await makeHistory(folder);
    const bad = migrationsWith({ '0005-bad.sql': 'DROP TABLE nowhere;' });
    await expect(openHistory(folder, { migrationsUrl: bad })).rejects.toMatchObject({ code: 'storage_failed' });
    const storage = await openHistory(folder);
    await storage.beginTurn(firstTurn());
    await storage.close();
    await openHistory(folder, { migrationsUrl: migrationsWith({ '0005-pins.sql': GOOD }) });
    const backup = join(folder, 'backups', 'history-before-5.sqlite');
    expect(read(backup, 'SELECT count(*) FROM messages')).toEqual([4]);
    expect(readdirSync(join(folder, 'backups'))).toEqual(['history-before-5.sqlite']);
  });

  it.skipIf(!canMount)('without room for its backup does not start', async () => {
    const { folder } = smallDisk(1_500);
    const path = await makeHistory(folder, 'x'.repeat(300_000));
    await (await openHistory(folder)).close();
    const before = readFileSync(path);
    spawnSync('dd', ['if=/dev/zero', `of=${join(folder, 'filler')}`, 'bs=1k', 'count=1000']);
    const migrationsUrl = migrationsWith({ '0005-pins.sql': GOOD });
    await expect(openHistory(folder, { migrationsUrl })).rejects.toMatchObject({ code: 'storage_disk_full' });
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(join(folder, 'backups'))).toEqual([]);
  });
});

/** As the fixtures from 0002 on hold them. */
const DOWNLOADS = [
  {
    id: '0199c3a0-0003-7000-8000-000000000001',
    model: '127.0.0.1:5002/library/tiny:latest',
    isInsecure: true,
    state: 'running',
    position: 1,
    layers: [{ digest: 'sha256:bd1e949e85851c00', total: 465_120, completed: 150_000 }],
    progress: 0.25,
    problem: null,
    createdAtMs: 1_700_000_001_000,
    finishedAtMs: null,
  },
  {
    id: '0199c3a0-0003-7000-8000-000000000002',
    model: 'llama3.2:3b',
    isInsecure: false,
    state: 'failed',
    position: 2,
    layers: [],
    progress: 0,
    problem: errorInfo('pull_not_found', { model: 'llama3.2:3b', host: 'registry.ollama.ai' }, 'file does not exist'),
    createdAtMs: 1_700_000_001_000,
    finishedAtMs: 1_700_000_001_000,
  },
];

/** As the fixtures from 0003 on hold them. */
const FACTS = [
  {
    id: '0199c3a0-0004-7000-8000-000000000002',
    text: 'Lives in Oslo.',
    isOn: false,
    createdAtMs: 1_700_000_001_000,
    source: null,
  },
  {
    id: '0199c3a0-0004-7000-8000-000000000001',
    text: 'Writes programs. 🔒',
    isOn: true,
    createdAtMs: 1_700_000_001_000,
    source: {
      conversationId: '0199c3a0-0001-7000-8000-000000000001',
      messageId: '0199c3a0-0002-7000-8000-000000000010',
    },
  },
];

/** As the fixtures from 0004 on hold it. */
const LINE = [
  {
    id: '0199c3a0-0005-7000-8000-000000000002',
    conversationId: '0199c3a0-0001-7000-8000-000000000003',
    text: 'In Norwegian, please. 🔒',
    createdAtMs: 1_700_000_001_000,
  },
  {
    id: '0199c3a0-0005-7000-8000-000000000001',
    conversationId: '0199c3a0-0001-7000-8000-000000000003',
    text: 'And shorter',
    createdAtMs: 1_700_000_001_000,
  },
];

describe('released schemas', () => {
  const fixtures = readdirSync(schemas);

  it('each have a fixture', () => {
    expect(fixtures.map((name) => name.slice(0, 4))).toEqual(readdirSync(released).map((name) => name.slice(0, 4)));
  });

  it.each(fixtures)('%s opens with everything in it', async (name) => {
    const folder = temporaryFolder();
    const path = join(folder, 'history.sqlite');
    const db = new Database(path);
    db.exec(readFileSync(new URL(name, schemas), 'utf8'));
    db.close();

    const storage = await openHistory(folder);
    expect(await storage.check()).toEqual([]);
    const list = await storage.listConversations({ limit: 10 });
    expect(list.map((summary) => summary.title)).toEqual(['Mutex', 'Still writing']);
    const answer = await storage.getMessage('0199c3a0-0002-7000-8000-000000000011' as MessageId);
    expect(answer).toMatchObject({
      state: 'done',
      parts: [
        { type: 'thinking', text: 'Hm.' },
        { type: 'text', text: 'A lock.' },
      ],
      source: {
        kind: 'llamacpp',
        label: 'Built-in engine',
        model: 'tiny.gguf',
        host: null,
        skipped: [
          {
            kind: 'ollama',
            reason: errorInfo('backend_unreachable', { backend: 'Ollama', host: '127.0.0.1:11434' }, 'ECONNREFUSED'),
          },
        ],
      },
      usage: { promptTokens: 26, answerTokens: 7, loadMs: null, firstTokenMs: 12.5, answerMs: 40, totalMs: 55.25 },
    });
    const path21 = await storage.getPath('0199c3a0-0002-7000-8000-000000000021' as MessageId);
    expect(path21.map((message) => message.parts.at(-1)?.text)).toEqual([
      "What's a mutex? 🔒",
      'A lock.',
      'And a semaphore?',
      undefined,
    ]);
    expect(await storage.getMessage('0199c3a0-0002-7000-8000-000000000012' as MessageId)).toMatchObject({
      state: 'failed',
      parts: [{ type: 'text', text: 'A l' }],
      error: errorInfo('stream_cut', { backend: 'Ollama' }, 'socket hang up'),
    });
    expect(await storage.getMessage('0199c3a0-0002-7000-8000-000000000041' as MessageId)).toMatchObject({
      state: 'interrupted',
      parts: [
        { type: 'thinking', text: 'Which?' },
        { type: 'text', text: 'Once upon' },
      ],
      source: { kind: 'llamacpp' },
    });
    const downloads = await storage.listDownloads();
    expect(downloads).toEqual(name < '0002' ? [] : DOWNLOADS);
    const isBefore3 = name < '0003';
    expect(await storage.listFacts()).toEqual(isBefore3 ? [] : FACTS);
    expect(answer.factsUsed).toBe(isBefore3 ? undefined : 2);
    const question = await storage.getMessage('0199c3a0-0002-7000-8000-000000000010' as MessageId);
    expect(question.emotion).toEqual(
      isBefore3 ? undefined : { label: 'surprise', confidence: 0.75, source: answer.source },
    );
    const asked = list.find(({ title }) => title === 'Mutex');
    expect(asked?.choice).toEqual(isBefore3 ? undefined : { backend: 'llamacpp', model: 'tiny.gguf' });
    const writing = '0199c3a0-0001-7000-8000-000000000003' as ConversationId;
    expect(await storage.lineOf(writing)).toEqual(name < '0004' ? [] : LINE);
    // Who answered was written down before there was a filter for it.
    const tiny = { kind: 'llamacpp' as const, label: 'Built-in engine', host: null, model: 'tiny.gguf' };
    expect(await storage.knownSources()).toEqual([{ ...tiny, conversations: 2 }]);
    expect((await storage.listConversations({ limit: 10, source: tiny })).map(({ title }) => title)).toEqual([
      'Mutex',
      'Still writing',
    ]);
    const binned = '0199c3a0-0001-7000-8000-000000000002' as ConversationId;
    expect(await storage.restoreConversation(binned)).toMatchObject({ title: 'In the bin' });
    await storage.close();

    // However it came here, the schema ends as that of a new history.
    const fresh = temporaryFolder();
    await (await openHistory(fresh)).close();
    const schemaOf = 'SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name';
    expect(read(path, schemaOf)).toEqual(read(join(fresh, 'history.sqlite'), schemaOf));
  });

  it.each(['0001.sql', '0002.sql'])(
    '%s opens also with sources that differ in nothing but an empty name',
    async (name) => {
      const folder = temporaryFolder();
      const db = new Database(join(folder, 'history.sqlite'));
      db.exec(readFileSync(new URL(name, schemas), 'utf8'));
      const odd: [string, string | null, string | null, string | null][] = [
        ['0199c3a0-0002-7000-8000-000000000011', 'Odd', null, null],
        ['0199c3a0-0002-7000-8000-000000000012', 'Odd', '', ''],
        ['0199c3a0-0002-7000-8000-000000000041', null, null, ''],
      ];
      const put = db.prepare(`INSERT OR REPLACE INTO turns (message_id, backend_kind, backend_label, host, model)
      VALUES (?, 'openai', ?, ?, ?)`);
      for (const row of odd) put.run(...row);
      db.close();

      const storage = await openHistory(folder);
      expect(await storage.check()).toEqual([]);
      const kept = await storage.knownSources();
      expect(kept).toMatchObject([
        { kind: 'openai', label: '', conversations: 1 },
        { kind: 'openai', label: 'Odd', conversations: 1 },
      ]);
      for (const { kind, label } of kept)
        expect(await storage.listConversations({ limit: 10, source: { kind, label } })).toHaveLength(1);
    },
  );
});
