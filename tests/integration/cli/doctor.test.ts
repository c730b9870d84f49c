// What `hearth doctor` says first, and what `hearth ask` then does, in the same situation: never two things.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ask } from '../../../src/cli/ask.ts';
import { checkQuestion } from '../../../src/cli/checks/question.ts';
import { connect, type Connection, type HearthClient } from '../../../src/cli/connect.ts';
import { startReplayOllama } from '../../support/replay-ollama/index.ts';
import { startScriptedOpenAi } from '../../support/scripted-openai.ts';
import { makeStandInOllama } from '../../support/stand-in-ollama/index.ts';

const source = (file: string) => new URL(`../../../${file}`, import.meta.url);
const programs = {
  storageWorker: source('src/main/storage/worker.ts'),
  llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
  appRoot: fileURLToPath(source('.')),
};
const VARIABLES = ['OLLAMA_BASE_URL', 'OLLAMA_MODEL', 'USE_OLLAMA', 'OLLAMA_TIMEOUT', 'HEARTH_OLLAMA'];
const EXIT_OF = { model: 0, demo: 3, none: 1 };

let home: string;
const folder = () => path.join(home, 'data');

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'hearth-doctor-'));
  vi.stubEnv('HEARTH_HOME', folder());
  vi.stubEnv('PATH', '/usr/bin:/bin');
  // Port 1 takes no servers: nobody answers there.
  vi.stubEnv('OLLAMA_HOST', '127.0.0.1:1');
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

async function ollama(behaviour: Parameters<typeof startReplayOllama>[0] = {}): Promise<void> {
  const server = await startReplayOllama(behaviour);
  onTestFinished(() => server.close());
  vi.stubEnv('OLLAMA_HOST', `${server.host}:${server.port}`);
}

/** A model of the built-in engine in the data folder. */
function file(): void {
  mkdirSync(path.join(folder(), 'models'), { recursive: true });
  copyFileSync(source('tests/fixtures/tiny.gguf'), path.join(folder(), 'models', 'tiny.gguf'));
}

async function chosenServer(client: HearthClient, key: string): Promise<void> {
  const server = await startScriptedOpenAi({ key: 'the right one' });
  onTestFinished(() => server.close());
  await client.backends.add({ url: server.url, name: 'Studio', key });
  const { backends } = await client.backends.status();
  await client.settings.set({ backend: backends.find(({ label }) => label === 'Studio')!.id, ifFails: 'stop' });
}

interface Situation {
  /** Before Hearth is started. */
  before?: () => unknown;
  /** What the person chose. */
  chosen?: (client: HearthClient) => Promise<unknown>;
  /** Absent: whatever `hearth ask` does is right. */
  answer?: keyof typeof EXIT_OF;
  by?: string;
  next: RegExp | null;
}

const SITUATIONS: Record<string, Situation> = {
  'nothing is installed': {
    before: () => vi.stubEnv('OLLAMA_HOST', undefined),
    // Whatever runs on the computer of the tests is not asked.
    chosen: (client) => client.settings.set({ engine: { use: 'own' } }),
    answer: 'demo',
    by: 'Demo',
    next: /^hearth engine install$/,
  },
  'nobody answers at the address': { next: /^hearth backend check ollama$/ },
  'an Ollama has no model': { before: () => ollama({ models: [] }), next: /^hearth pull \S+$/ },
  'an Ollama has a model': { before: () => ollama(), answer: 'model', by: 'Ollama', next: null },
  'an Ollama is installed and sleeps': {
    before: async () => vi.stubEnv('HEARTH_OLLAMA', await makeStandInOllama(path.join(home, 'stand-in'))),
    answer: 'model',
    by: 'Ollama',
    next: null,
  },
  'an Ollama hangs': {
    before: () => ollama({ fault: { kind: 'no-headers', path: '/api/tags' } }),
    chosen: (client) => client.settings.set({ timeouts: { connectMs: 1_000 } }),
    next: /^hearth backend check ollama$/,
  },
  'the model of the settings is not there': {
    before: () => ollama(),
    chosen: (client) => client.settings.set({ model: 'nobody:1b' }),
    answer: 'none',
    next: /^hearth pull nobody:1b$/,
  },
  'a file lies in the models folder': { before: file, answer: 'model', by: 'Built-in engine', next: null },
  'the chosen server took the key': {
    chosen: (client) => chosenServer(client, 'the right one'),
    answer: 'model',
    by: 'Studio',
    next: null,
  },
  'the chosen server refused the key': {
    chosen: (client) => chosenServer(client, 'a wrong one'),
    answer: 'none',
    next: /^hearth backend key \S+$/,
  },
  'the chosen backend is off, and nobody may stand in': {
    before: () => ollama(),
    async chosen(client) {
      await client.settings.set({ backend: 'ollama', ifFails: 'stop' });
      await client.backends.setOn({ id: 'ollama', isOn: false });
    },
    answer: 'none',
    next: /^hearth backend on ollama$/,
  },
  'the chosen backend is off, and the next one may': {
    before: file,
    async chosen(client) {
      await client.settings.set({ backend: 'ollama' });
      await client.backends.setOn({ id: 'ollama', isOn: false });
    },
    answer: 'model',
    by: 'Built-in engine',
    next: null,
  },
  'the demo is chosen': {
    before: () => ollama(),
    chosen: (client) => client.settings.set({ backend: 'demo' }),
    answer: 'demo',
    by: 'Demo',
    next: /^hearth ask --backend local:\/\/ /,
  },
};

test.each(Object.entries(SITUATIONS))('%s', async (_, { before, chosen, answer, by, next }) => {
  await before?.();
  const hearth = await connect({ version: 'test', programs });
  onTestFinished(() => hearth.close());
  await chosen?.(hearth.client);

  const { report, lines } = await checkQuestion(hearth.client);
  const asked = await askOne(hearth);
  expect(asked.code).toBe(EXIT_OF[report.answer]);
  if (asked.code !== 1) expect(asked.source).toMatchObject({ ...sourceOf(report.source), skipped: expect.anything() });
  if (answer !== undefined) expect(report.answer).toBe(answer);
  if (by !== undefined) expect(report.source?.label).toBe(by);
  if (next === null) expect(report.next).toBeNull();
  else expect(report.next).toMatch(next);
  expect(lines[0]).toMatch(/^A question asked now would /);
});

test('what is said first starts no download, and leaves history and settings as they are', async () => {
  await ollama({ models: [] });
  const hearth = await connect({ version: 'test', programs });
  onTestFinished(() => hearth.close());
  const { client } = hearth;
  const settings = await client.settings.get();
  await checkQuestion(client);
  expect((await client.downloads.status()).downloads).toEqual([]);
  expect((await client.conversations.list({})).items).toEqual([]);
  expect(await client.settings.get()).toEqual(settings);
});

/** What is told of who answers; its model and address are those of the one that was asked. */
function sourceOf(source: Awaited<ReturnType<typeof checkQuestion>>['report']['source']) {
  return { kind: source?.kind, label: source?.label, url: source?.url, host: source?.host };
}

async function askOne({ client }: Connection) {
  const stdout = new PassThrough();
  const { signal } = new AbortController();
  const options = { question: 'hello', isJson: true, cwd: home, stderr: new PassThrough(), signal };
  const code = await ask(client, { ...options, stdout }).catch(() => 1);
  const text = String(stdout.read() ?? '');
  return { code, source: text === '' ? null : (JSON.parse(text) as { source: object }).source };
}
