// The whole of main without a window: start, stop, and a history that is in use, dies, or can't be opened.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { TurnEvent } from '../../src/contract/chat.ts';
import { createRouter } from '../../src/main/ipc/index.ts';
import { createServices, type Services } from '../../src/main/services.ts';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { openHistory } from '../support/storage.ts';
import { noDesktop } from '../support/no-desktop.ts';

const source = (file: string) => new URL(`../../${file}`, import.meta.url);
const REAL_WORKER = source('src/main/storage/worker.ts');
/** The real one, except that `check` ends it. */
const MORTAL_WORKER = source('tests/support/dying-storage-worker.ts');
const NOBODY = '127.0.0.1:9';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-services-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function services(
  given: { storageWorker?: URL; ollama?: string; retryInUseMs?: number | null } = {},
): Promise<Services> {
  const made = await createServices({
    folder,
    env: { PATH: '', OLLAMA_HOST: given.ollama ?? NOBODY },
    programs: {
      storageWorker: given.storageWorker ?? REAL_WORKER,
      llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
      appRoot: fileURLToPath(source('.')),
    },
    version: 'test',
    retryInUseMs: given.retryInUseMs ?? null,
    resumesDownloads: true,
  });
  onTestFinished(() => made.stop());
  return made;
}

async function drain(values: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of values);
}

const clientOf = (made: Services) =>
  createRouterClient(createRouter(made, noDesktop), {
    context: { client: 'window' },
  });

test('a failure that nobody foresaw is told without its words, and is in the log', async () => {
  const made = await services();
  await made.start();
  vi.spyOn(made.catalogue, 'get').mockRejectedValue(new TypeError('no such shelf'));
  await expect(clientOf(made).catalogue.get()).rejects.toMatchObject({ data: { code: 'internal' } });
  const log = readFileSync(path.join(folder, 'logs', 'hearth.log'), 'utf8');
  expect(log).toContain('no such shelf');
});

test('the demo answers while no engine has; from the first one on, also after a restart, the error is the answer', async () => {
  const ollama = await startReplayOllama();
  const { port } = ollama;
  await ollama.close();
  const begin = async () => {
    const made = await services({ ollama: `127.0.0.1:${port}` });
    await made.start();
    const client = clientOf(made);
    const ask = async () => {
      const { answer } = await client.chat.send({ conversationId: null, text: 'hello' });
      for await (const event of await client.chat.attach({ messageId: answer.id }))
        if (event.type === 'settled') return event.message;
      throw new Error('the answer did not settle');
    };
    return { made, client, ask };
  };
  const first = await begin();
  expect(await first.ask()).toMatchObject({ state: 'done', source: { kind: 'demo' } });
  const later = await startReplayOllama({ port });
  onTestFinished(() => later.close());
  expect(await first.ask()).toMatchObject({ state: 'done', source: { kind: 'ollama' } });
  expect(await first.client.backends.status()).toMatchObject({ demo: 'never' });
  await first.made.stop();
  await later.close();

  const second = await begin();
  expect(await second.client.backends.status()).toMatchObject({ demo: 'never' });
  expect(await second.ask()).toMatchObject({ state: 'failed', error: { code: 'no_backend' } });
});

test('whoever asks after the stop gets nothing opened', async () => {
  const made = await services();
  await made.start();
  await made.stop();
  await expect(made.history()).rejects.toMatchObject({ code: 'cancelled' });
  await expect(made.retry()).rejects.toMatchObject({ code: 'cancelled' });
  // The lock is free: the next Hearth gets in.
  await openHistory(folder);
});

test('a stop before the start, and a start after it', async () => {
  const made = await services();
  await made.stop();
  await expect(made.start()).rejects.toMatchObject({ code: 'cancelled' });
  await openHistory(folder);
});

test('a stop while the history is being opened closes it and never says ready', async () => {
  const made = await services();
  const phases: string[] = [];
  made.app.onChange(({ phase }) => phases.push(phase));
  const started = made.start().catch((error: unknown) => error);
  await made.stop();
  expect(await started).toMatchObject({ code: 'cancelled' });
  expect(phases).not.toContain('ready');
  await openHistory(folder);
});

test('a history in use: no engine is looked for or woken', async () => {
  await openHistory(folder);
  const made = await services();
  await expect(made.start()).rejects.toMatchObject({ code: 'storage_in_use' });
  expect(made.backends.status().isChecking).toBe(false);
  expect(new Set(made.backends.status().backends.map(({ state }) => state))).toEqual(new Set(['checking']));
});

test('a history in use is opened once the other has gone', async () => {
  const other = await openHistory(folder);
  const made = await services({ retryInUseMs: 20 });
  const started = made.start();
  await vi.waitFor(() => expect(made.app.status().problem?.code).toBe('storage_in_use'));
  await expect(made.history()).rejects.toMatchObject({ code: 'storage_in_use' });
  await other.close();
  await started;
  expect(made.app.status()).toMatchObject({ phase: 'ready', problem: null });
  expect(made.backends.status().isChecking).toBe(true);
});

test('a bin that cannot be emptied keeps nobody from the history', async () => {
  const before = await openHistory(folder);
  await before.close();
  const db = new Database(path.join(folder, 'history.sqlite'));
  db.exec(`CREATE TRIGGER refuse BEFORE DELETE ON conversations BEGIN SELECT RAISE (FAIL, 'refused'); END;
    INSERT INTO conversations (id, title, created_at_ms, updated_at_ms, deleted_at_ms)
    VALUES ('01900000-0000-7000-8000-000000000001', 'Old', 1, 1, 1)`);
  db.close();
  const made = await services();
  await made.start();
  expect(made.app.status().phase).toBe('ready');
});

test('the worker dies: answers end, and after a retry the windows hear of what happens again', async () => {
  const ollama = await startReplayOllama({ answer: { tokens: ['One ', 'two ', 'three.'] }, holdAfterRecords: 2 });
  onTestFinished(() => ollama.close());
  const made = await services({ storageWorker: MORTAL_WORKER, ollama: `${ollama.host}:${ollama.port}` });
  await made.start();
  const client = clientOf(made);
  const watched = drain(await client.conversations.watch());
  const sent = await client.chat.send({ conversationId: null, text: 'Count.' });
  const events: TurnEvent[] = [];
  const followed = (async () => {
    for await (const event of await client.chat.attach({ messageId: sent.answer.id })) events.push(event);
  })();
  await ollama.held();

  const { storage } = await made.history();
  await expect(storage.check()).rejects.toMatchObject({ code: 'storage_failed' });
  await vi.waitFor(() => expect(made.app.status()).toMatchObject({ phase: 'blocked' }));
  await expect(made.history()).rejects.toMatchObject({ code: 'storage_failed' });
  // The engine's slot is free, and the window that followed is told.
  await followed;
  expect(events.at(-1)).toMatchObject({ type: 'settled' });
  await vi.waitFor(() => expect(made.queue.status().lanes).toEqual([]));
  await vi.waitFor(() => expect(ollama.requestsTo('/api/chat')[0]?.aborted).toBe(true));
  // It ends, so that the window asks for it anew.
  await watched;

  await Promise.all([made.retry(), made.retry()]);
  expect(made.app.status()).toMatchObject({ phase: 'ready', problem: null });
  const { messages } = await client.conversations.get({ id: sent.conversation.id });
  expect(messages.at(-1)).toMatchObject({ state: 'interrupted' });
  const again = await client.conversations.watch();
  const next = again.next();
  await client.conversations.rename({ id: sent.conversation.id, title: 'Counting' });
  expect((await next).value).toMatchObject({ type: 'changed', conversation: { title: 'Counting' } });
});
