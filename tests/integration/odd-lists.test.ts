// Every field of every list of a server, with every wrong type: what main tells the windows, and what the terminal prints.
//
// The real router answers, with its checks of what goes out: a value that breaks the contract fails here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backend } from '../../src/cli/backend.ts';
import type { HearthClient } from '../../src/cli/connect.ts';
import { models } from '../../src/cli/models.ts';
import { createRouter } from '../../src/main/ipc/index.ts';
import { createServices, type Services } from '../../src/main/services.ts';
import { noDesktop } from '../support/no-desktop.ts';
import { type Call, type ScriptedServer, sendWhole, startScriptedServer } from '../support/scripted-server.ts';

const DETAILS = { family: 'llama', families: ['llama'], parameter_size: '3.2B', quantization_level: 'Q4_0' };
const tags = (name: string) => ({
  name,
  model: name,
  size: 2_000,
  digest: `digest of ${name}`,
  modified_at: '2026-01-01T00:00:00Z',
  remote_host: 'https://ollama.com:443',
  capabilities: ['completion'],
  details: { ...DETAILS, context_length: 8_192 },
});
const ps = (name: string) => ({
  ...tags(name),
  expires_at: '2026-11-30T12:00:00Z',
  size_vram: 1_000,
  context_length: 4_096,
});
const v1 = (name: string) => ({
  id: name,
  object: 'model',
  created: 1_795_213_250,
  owned_by: 'llamacpp',
  type: 'llm',
  capabilities: ['completion'],
  meta: { size: 2_000, n_params: 3_200_000_000 },
});
const SHOWN = {
  license: 'MIT',
  modelfile: 'FROM /models/blobs/sha256-00',
  parameters: 'stop "<|end|>"\nnum_ctx 4096',
  template: '{{ .Prompt }}',
  system: 'Be brief.',
  renderer: 'x',
  parser: 'x',
  requires: '0.12.0',
  messages: [{ role: 'user', content: 'hello' }],
  details: DETAILS,
  capabilities: ['completion', 'tools'],
  model_info: {
    'general.architecture': 'llama',
    'llama.block_count': 16,
    'llama.context_length': 8_192,
    'llama.embedding_length': 2_048,
    'llama.attention.head_count': 32,
    'llama.attention.head_count_kv': 8,
  },
};

/** What each place says when nothing is wrong. The first of a list is the one that gets odd. */
const USUAL = {
  '/api/version': { version: '0.24.0' },
  '/api/tags': { models: [tags('odd:latest'), tags('fine:latest')] },
  '/api/ps': { models: [ps('odd:latest'), ps('fine:latest')] },
  '/api/show': SHOWN,
  '/v1/models': { object: 'list', data: [v1('odd'), v1('fine')] },
};
type Place = keyof typeof USUAL;
const PLACES = Object.keys(USUAL) as Place[];

/** As JSON; what is not there at all is tried as well. */
const WRONG = ['null', '7', '-1', '1.5', '1e300', '1e999', '"text"', '"12"', '""', '{}', '[]', '[null]', 'true'];
const MISSING = 'missing';

/** The ways to every field, lists and objects themselves included: those of the first entry of a list. */
function fieldsIn(value: unknown, way: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Array.isArray(value) ? [['0', value[0] as unknown]] : Object.entries(value);
  return inner.flatMap(([name, one]) => [[...way, String(name)], ...fieldsIn(one, [...way, String(name)])]);
}

const HERE = '@here@';
function withWrong(place: Place, way: readonly string[], wrong: string): string {
  const body = structuredClone(USUAL[place]) as Record<string, unknown>;
  let holder: Record<string, unknown> = body;
  for (const name of way.slice(0, -1)) holder = holder[name] as Record<string, unknown>;
  const last = way.at(-1) ?? '';
  if (wrong === MISSING && Array.isArray(holder)) holder.splice(Number(last), 1);
  else if (wrong === MISSING) delete holder[last];
  else holder[last] = HERE;
  return JSON.stringify(body).replace(`"${HERE}"`, wrong);
}

/** Where questions are taken. */
const QUESTIONS = new Set(['/api/chat', '/v1/chat/completions']);

let home: string;
let server: ScriptedServer;
let made: Services;
let client: HearthClient;
let odd: Partial<Record<Place, string>> = {};

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), 'hearth-odd-'));
  server = await startScriptedServer(async (call: Call) => {
    const usual = USUAL[call.seen.path as Place] as object | undefined;
    if (QUESTIONS.has(call.seen.path)) return sendWhole(call, 400, 'application/json', '{"error":"no messages"}');
    const body = odd[call.seen.path as Place] ?? (usual === undefined ? null : JSON.stringify(usual));
    sendWhole(call, body === null ? 404 : 200, 'application/json', body ?? '{"error":"not found"}');
    return Promise.resolve();
  });
  const source = (file: string) => new URL(`../../${file}`, import.meta.url);
  made = await createServices({
    folder: home,
    env: { PATH: '', OLLAMA_HOST: server.host },
    programs: {
      storageWorker: source('src/main/storage/worker.ts'),
      llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
      appRoot: fileURLToPath(source('.')),
    },
    version: 'test',
    retryInUseMs: null,
    resumesDownloads: true,
  });
  await made.start();
  client = createRouterClient(createRouter(made, noDesktop), { context: { client: 'window' } });
  await client.backends.add({ url: `${server.origin}/v1`, name: 'Studio' });
});

afterAll(async () => {
  await made.stop();
  await server.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const never = new AbortController().signal;

async function printed(run: (streams: { stdout: PassThrough; stderr: PassThrough }) => Promise<number>) {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await run({ stdout, stderr });
  return { code, text: String(stdout.read() ?? ''), said: String(stderr.read() ?? '') };
}

const hearthModels = () =>
  printed((streams) =>
    models(client, { isCatalogue: false, isJson: false, isShared: true, signal: never, ...streams }),
  );
const hearthBackends = () =>
  printed((streams) => {
    const options = { readKey: () => Promise.resolve(''), cwd: home, signal: never, ...streams };
    return backend({ client, isShared: false }, { action: 'list', isJson: false }, options);
  });

/** Everything that is shown of the lists, asked anew. */
async function shown() {
  const { installed, problem } = await client.models.refresh();
  const { backends } = await client.backends.check();
  const known = (kind: string) => backends.find((one) => one.kind === kind);
  return { installed: installed ?? [], problem, ollama: known('ollama'), openai: known('openai') };
}

const names = (list: readonly { name: string }[] | undefined) => (list ?? []).map(({ name }) => name);

/** Without the names themselves there is nothing to show of an entry, and without the list nothing of any. */
const HIDES_ALL = new Set(['models', 'data']);

describe.each(PLACES)('%s', (place) => {
  test.each(fieldsIn(USUAL[place]).map((way) => [way.join('.'), way] as const))('%s', async (_name, way) => {
    const isList = HIDES_ALL.has(way.at(-1) ?? '');
    for (const wrong of [...WRONG, MISSING]) {
      odd = { [place]: withWrong(place, way, wrong) };
      const about = `${way.join('.')} is ${wrong}`;
      const { installed, problem, ollama, openai } = await shown();
      if (!isList && place !== '/api/version') {
        expect(problem, about).toBeNull();
        expect(names(installed), about).toContain('fine:latest');
        expect(ollama, about).toMatchObject({ state: 'ready', problem: null });
        expect(names(openai?.models), about).toContain('fine');
        // Another text is another name; an entry that is none has none.
        const isRenamed = way.length === 2 || ((way.at(-1) === 'name' || way.at(-1) === 'id') && /\w/.test(wrong));
        if (!isRenamed) expect(names(installed), about).toContain('odd:latest');
        if (!isRenamed && way.at(-1) !== 'id') expect(names(openai?.models), about).toContain('odd');
      }
      // A list that is none, and an Ollama that is none, are told in a sentence of their own.
      for (const one of [problem, ollama?.problem, openai?.problem])
        expect(one?.code ?? '', about).not.toBe('internal');
      const details = await client.models.details({ name: 'odd:latest', engine: 'ollama' }).catch((e: unknown) => e);
      expect(details, about).not.toMatchObject({ data: { code: 'internal' } });
      if (place === '/api/show') expect(details, about).toMatchObject({ name: 'odd:latest' });
      const [listed, backends] = [await hearthModels(), await hearthBackends()];
      expect(listed.said + backends.said, about).not.toMatch(/Something in Hearth|validation/i);
      if (problem === null) expect(listed, about).toMatchObject({ code: 0 });
      expect(backends, about).toMatchObject({ code: 0 });
    }
  });
});

const OPENAI_STYLE = JSON.stringify({ object: 'list', data: ['plain', { model: 'only-model' }, null, { id: 5 }] });

test.each([
  ['a list of another style', { '/api/tags': OPENAI_STYLE }, ['5', 'only-model', 'plain']],
  ['the bare list', { '/api/tags': '[{"name":"bare"}]' }, ['bare']],
  ['null for none', { '/api/tags': '{"models":null}' }, []],
  ['a name twice', { '/api/tags': '{"models":[{"name":"twice"},{"model":"twice"}]}' }, ['twice']],
  [
    'the model alone',
    { '/api/tags': '{"models":[{"model":"tiny:latest","size":1000,"details":null}]}' },
    ['tiny:latest'],
  ],
])('Ollama says %s', async (_name, given, expected) => {
  odd = given;
  const { installed, problem } = await shown();
  expect(problem).toBeNull();
  expect(names(installed).toSorted()).toEqual(expected);
});

test.each([
  ['plain names and odd entries', OPENAI_STYLE, ['plain', 'only-model', '5']],
  ['a list under models', '{"models":[{"name":"llama"}]}', ['llama']],
  ['null for none', '{"object":"list","data":null}', []],
])('an OpenAI-compatible server says %s', async (_name, body, expected) => {
  odd = { '/v1/models': body };
  expect(names((await shown()).openai?.models)).toEqual(expected);
  const probed = await client.backends.probe({ url: `${server.origin}/v1` });
  expect(probed).toMatchObject({ problem: null, kind: 'openai' });
  expect(names(probed.models)).toEqual(expected);
});

test('a model in memory whose size nobody tells is shown as such', async () => {
  odd = { '/api/ps': '{"models":[{"name":"odd:latest","model":"odd:latest"}]}' };
  const { installed } = await shown();
  expect(installed.find(({ name }) => name === 'odd:latest')?.loaded).toEqual({
    sizeBytes: null,
    gpuBytes: null,
    expiresAtMs: null,
  });
  const { text } = await hearthModels();
  expect(text).toMatch(/odd:latest .* unknown /);
});
