// What a look at an address finds is what is added, kept by an edit and asked: the real list, servers that differ.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { BackendStatus } from '../../../src/contract/backends.ts';
import { createBackendList } from '../../../src/main/backends/index.ts';
import { createLog } from '../../../src/main/diagnostics/index.ts';
import { openSecrets, openSettings } from '../../../src/main/settings/index.ts';
import { type ScriptedServer, sendWhole, startScriptedServer } from '../../support/scripted-server.ts';
import { atEnd, cleanUp, forever } from './setup.ts';

afterEach(cleanUp);

const OLLAMA = { '/api/version': { version: '0.24.0' }, '/api/tags': { models: [{ name: 'tiny:latest' }] } };
const openAiAt = (base: string) => ({ [`${base}/models`]: { data: [{ id: 'big' }] } });

/** A server that has these places, and takes a question wherever it is asked; with a key, for those who have it. */
async function server(places: Record<string, unknown>, key: string | null = null): Promise<ScriptedServer> {
  const made = await startScriptedServer((call) => {
    const { path, method, headers } = call.seen;
    if (key !== null && headers.authorization !== `Bearer ${key}`) sendWhole(call, 401, 'application/json', '{}');
    else if (path in places) sendWhole(call, 200, 'application/json', JSON.stringify(places[path]));
    else if (method === 'POST') sendWhole(call, 400, 'application/json', '{"error":"no messages"}');
    else sendWhole(call, 404, 'text/plain', '404 page not found');
    return Promise.resolve();
  });
  atEnd(() => made.close());
  return made;
}

async function open(builtinAt = '127.0.0.1:1') {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-found-'));
  const log = createLog({ folder: join(folder, 'logs') });
  const settings = await openSettings({ folder, log });
  const secrets = await openSecrets({ folder, cipher: null, log });
  const builtin: Pick<BackendStatus, 'id' | 'kind' | 'label' | 'host' | 'origin'> = {
    id: 'ollama',
    kind: 'ollama',
    label: 'Ollama',
    host: builtinAt,
    origin: 'builtin',
  };
  const listed = () => [builtin];
  const list = createBackendList({ settings, secrets, listed, onAccessChange: () => {}, log, isLookedAt: true });
  atEnd(async () => {
    await list.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return { list, kept: () => settings.get().backends.added.map(({ url }) => url) };
}

test.each<[string, string, Record<string, unknown>, string]>([
  ['Ollama, typed as a plain address', 'HOST', OLLAMA, 'ollama://@HOST'],
  ['Ollama, typed with http://', 'http://HOST/', OLLAMA, 'ollama://@HOST'],
  ['Ollama behind a path that nothing has', 'http://HOST/forgotten', OLLAMA, 'ollama://@HOST'],
  ['Ollama, pasted from a request', 'http://HOST/api/chat', OLLAMA, 'ollama://@HOST'],
  ['a model of Ollama', 'http://HOST#tiny', OLLAMA, 'ollama://tiny@HOST'],
  [
    'another’s model where Ollama answers too',
    'http://HOST#a@b',
    { ...OLLAMA, ...openAiAt('/v1') },
    'http://HOST/v1#a@b',
  ],
  ['OpenAI-compatible', 'HOST', openAiAt('/v1'), 'http://HOST/v1'],
  ['what was taken for Ollama', 'ollama://@HOST', openAiAt('/v1'), 'http://HOST/v1'],
  ['another path than the one typed', 'http://HOST/forgotten#big', openAiAt('/v1'), 'http://HOST/v1#big'],
  ['the path that was typed', 'http://HOST/openai/v1', openAiAt('/openai/v1'), 'http://HOST/openai/v1'],
  ['pasted from a request', 'HOST/v1/chat/completions', openAiAt('/v1'), 'http://HOST/v1'],
  ['the list of models', 'http://HOST/api/v0/models', openAiAt('/v1'), 'http://HOST/v1'],
  ['nothing that Hearth knows', 'http://HOST/other/', {}, 'http://HOST/other'],
])('%s', async (_, typed, places, expected) => {
  const { host } = await server(places);
  const { list, kept } = await open();
  const at = (text: string) => text.replace('HOST', host);
  await list.add({ url: at(typed) });
  expect(kept()).toEqual([at(expected)]);

  // The same for one that is changed.
  const other = await open();
  await other.list.add({ url: 'http://127.0.0.1:9/v1', name: 'Other' });
  await other.list.edit({ id: 'other', url: at(typed) });
  expect(other.kept()).toEqual([at(expected)]);
});

test('what a window has looked at is not asked again, also while it still looks', async () => {
  const { host, requests } = await server(openAiAt('/v1'));
  const { list, kept } = await open();
  await Promise.all([list.probe({ url: host }, forever()), list.add({ url: host })]);
  expect(kept()).toEqual([`http://${host}/v1`]);
  expect(requests.filter(({ path }) => path === '/v1/models')).toHaveLength(1);
});

test('a look that its window has left is made again', async () => {
  const { host } = await server(openAiAt('/v1'));
  const { list, kept } = await open();
  const leaving = new AbortController();
  const left = list.probe({ url: host }, leaving.signal);
  const added = list.add({ url: host });
  leaving.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  await added;
  expect(kept()).toEqual([`http://${host}/v1`]);
});

test('the key that was typed, or is kept for this host, goes along', async () => {
  const { host } = await server(openAiAt('/v1'), 'sk-1');
  const { list, kept } = await open();
  await list.add({ url: `http://${host}/one`, key: 'sk-1', name: 'Studio' });
  expect(kept()).toEqual([`http://${host}/v1`]);
  await list.edit({ id: 'studio', url: `http://${host}/two#big` });
  expect(kept()).toEqual([`http://${host}/v1#big`]);
});

test('a key that is kept for another host goes nowhere, and nobody is asked', async () => {
  const elsewhere = await server(openAiAt('/v1'));
  const { list, kept } = await open();
  await list.add({ url: 'http://studio.localhost:9/v1', key: 'sk-1', name: 'Studio' });
  await expect(list.edit({ id: 'studio', url: elsewhere.origin })).rejects.toMatchObject({ code: 'bad_request' });
  expect(elsewhere.requests).toEqual([]);
  expect(kept()).toEqual(['http://studio.localhost:9/v1']);
});

test('Ollama itself is not added a second time under another address', async () => {
  const { host } = await server(OLLAMA);
  const { list, kept } = await open(host);
  for (const url of [host, `http://${host}`, `http://${host}/api/tags`])
    await expect(list.add({ url })).rejects.toMatchObject({ code: 'backend_exists', params: { name: 'Ollama' } });
  expect(kept()).toEqual([]);
});
