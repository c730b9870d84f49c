// A key through a whole session of Hearth: kept, used, refused, changed, removed, and nowhere to be read but where it must.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createRouter } from '../../../src/main/ipc/index.ts';
import { createServices } from '../../../src/main/services.ts';
import type { Cipher } from '../../../src/main/settings/index.ts';
import { noDesktop } from '../../support/no-desktop.ts';

const KEY = 'sk-a-very-private-key-4711';
const TEAM = 'private-team-value-0815';
const source = (file: string) => new URL(`../../../${file}`, import.meta.url);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Wants the key, and repeats what it was given when it refuses. */
async function keyedServer() {
  const seen: (IncomingHttpHeaders & { path: string | undefined })[] = [];
  const server = createServer((request, response) => {
    seen.push({ ...request.headers, path: request.url });
    const { authorization } = request.headers;
    response.setHeader('content-type', 'application/json');
    if (authorization !== `Bearer ${KEY}`)
      response.writeHead(401).end(JSON.stringify({ error: { message: `Not a key: ${authorization}` } }));
    else if (request.url === '/v1/models') response.end(JSON.stringify({ data: [{ id: 'big' }] }));
    else response.writeHead(500).end(JSON.stringify({ error: { message: `Broken for ${authorization}` } }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen };
}

async function hearth(cipher: Cipher | null) {
  const services = await createServices({
    folder,
    env: { PATH: '', OLLAMA_HOST: '127.0.0.1:9' },
    programs: {
      storageWorker: source('src/main/storage/worker.ts'),
      llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
      appRoot: fileURLToPath(source('.')),
    },
    version: 'test',
    cipher,
    retryInUseMs: null,
    resumesDownloads: false,
  });
  onTestFinished(() => services.stop());
  await services.start();
  const client = createRouterClient(createRouter(services, noDesktop), { context: { client: 'window' } });
  return { services, client };
}

/** Files of the data folder that hold one of the texts. */
function filesWith(texts: readonly string[]): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => {
    const full = path.join(folder, file);
    return statSync(full).isFile() && texts.some((text) => readFileSync(full).includes(text));
  });
}

/** All that a window was told, as it was told. */
async function session(cipher: Cipher | null) {
  const { url, seen } = await keyedServer();
  const { services, client } = await hearth(cipher);
  const told: unknown[] = [];
  const keep = async (call: Promise<unknown>) => told.push(await call.catch((error: unknown) => error));
  const ask = async () => {
    const sent = await client.chat.send({ conversationId: null, text: 'hello', backend: 'studio' });
    for await (const event of await client.chat.attach({ messageId: sent.answer.id })) told.push(event);
  };
  await keep(client.backends.probe({ url, key: KEY, headers: { 'X-Team': TEAM } }));
  await keep(client.backends.add({ url, name: 'Studio', key: KEY, headers: { 'X-Team': TEAM } }));
  await keep(client.backends.add({ url: 'http://a.lan', key: `${KEY}\n\n${TEAM}` }));
  await keep(client.backends.check());
  await keep(ask());
  expect(seen).toContainEqual(expect.objectContaining({ path: '/v1/chat/completions', 'x-team': TEAM }));
  expect(JSON.stringify(told)).toContain('backend_failed');
  // The server takes back what it has given.
  await keep(client.backends.edit({ id: 'studio', key: `${KEY}-of-yesterday` }));
  await keep(ask());
  expect(JSON.stringify(told)).toContain('backend_key_refused');
  await keep(client.backends.edit({ id: 'studio', url: 'https://elsewhere.example' }));
  await keep(client.settings.get());
  return { services, client, told, seen, keep };
}

const told = (values: readonly unknown[]) =>
  values
    .map((value) => JSON.stringify(value) + (value instanceof Error ? `${value.message} ${value.stack}` : ''))
    .join('\n');

test('without a store of the system it stands in the one file that only this account can read', async () => {
  const { services, client, told: heard, seen } = await session(null);
  expect(seen.some(({ authorization }) => authorization === `Bearer ${KEY}`)).toBe(true);
  expect((await client.backends.status()).secretsIn).toBe('file');
  expect(told(heard)).not.toMatch(/very-private|private-team/);
  expect(filesWith([KEY, TEAM])).toEqual(['secrets.json']);
  await client.backends.remove({ id: 'studio' });
  await services.stop();
  expect(filesWith([KEY, TEAM])).toEqual([]);
});

test('with one it stands nowhere', async () => {
  const turned = (bytes: Buffer) => Buffer.from(bytes.map((byte) => byte ^ 0x55));
  const cipher: Cipher = {
    isAvailable: () => true,
    encrypt: (text) => turned(Buffer.from(text)),
    decrypt: (bytes) => turned(bytes).toString(),
  };
  const { services, client, told: heard, seen } = await session(cipher);
  expect(seen.some(({ authorization }) => authorization === `Bearer ${KEY}`)).toBe(true);
  expect((await client.backends.status()).secretsIn).toBe('system');
  expect(told(heard)).not.toMatch(/very-private|private-team/);
  await services.stop();
  expect(filesWith([KEY, TEAM])).toEqual([]);
});

test('every change answers with the list as it is then, and the order is that of the next question', async () => {
  const { client } = await hearth(null);
  const ids = (status: { backends: { id: string }[] }) =>
    status.backends.map(({ id }) => id).filter((id) => id !== 'mlx');
  expect(ids(await client.backends.add({ url: 'http://127.0.0.1:9', name: 'Studio' }))).toContain('studio');
  const first = await client.backends.move({ id: 'studio', index: 0 });
  expect(first.backends[0]?.id).toBe('studio');
  expect(first.isOrderAutomatic).toBe(false);
  const off = await client.backends.setOn({ id: 'studio', isOn: false });
  expect(off.backends[0]).toMatchObject({ id: 'studio', state: 'off' });
  expect((await client.backends.edit({ id: 'studio', name: 'Den' })).backends[0]).toMatchObject({ label: 'Den' });
  expect(ids(await client.backends.remove({ id: 'studio' }))).not.toContain('studio');
  const back = await client.backends.undoRemove({ id: 'studio' });
  expect(back.backends[0]).toMatchObject({ id: 'studio', label: 'Den', state: 'off' });
  expect((await client.backends.resetOrder()).isOrderAutomatic).toBe(true);
  await expect(client.backends.remove({ id: 'ollama' })).rejects.toMatchObject({ data: { code: 'bad_request' } });
  expect((await client.backends.families()).length).toBeGreaterThan(0);
});
