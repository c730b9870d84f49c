// `hearth backend` with Hearth's real services: a server is tried, added with its key, asked, switched and taken away.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { BackendAction } from '../../../src/cli/arguments-backend.ts';
import { ask } from '../../../src/cli/ask.ts';
import { backend } from '../../../src/cli/backend.ts';
import { connect, type Connection } from '../../../src/cli/connect.ts';
import type { BackendsStatus } from '../../../src/contract/backends.ts';
import { startScriptedOpenAi } from '../../support/scripted-openai.ts';

const source = (file: string) => new URL(`../../../${file}`, import.meta.url);
const programs = {
  storageWorker: source('src/main/storage/worker.ts'),
  llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
  appRoot: fileURLToPath(source('.')),
};
const KEY = 'sk-very-secret';
const VARIABLES = ['OLLAMA_BASE_URL', 'OLLAMA_MODEL', 'USE_OLLAMA', 'OLLAMA_TIMEOUT', 'HEARTH_OLLAMA'];

let home: string;

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'hearth-cli-'));
  vi.stubEnv('HEARTH_HOME', path.join(home, 'data'));
  vi.stubEnv('PATH', '');
  // Port 1 takes no servers: nobody answers there.
  vi.stubEnv('OLLAMA_HOST', '127.0.0.1:1');
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

const streams = () => ({ stdout: new PassThrough(), stderr: new PassThrough(), signal: new AbortController().signal });

async function run({ client, isShared }: Connection, what: BackendAction, key = KEY) {
  const { stdout, stderr, signal } = streams();
  const readKey = () => Promise.resolve(key);
  const code = await backend({ client, isShared }, what, { readKey, cwd: home, stdout, stderr, signal });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

async function list(connection: Connection): Promise<BackendsStatus> {
  return JSON.parse((await run(connection, { action: 'list', isJson: true })).stdout) as BackendsStatus;
}

test('a server is tried, added with its key, asked, switched off and taken away', async () => {
  const server = await startScriptedOpenAi({ key: KEY });
  onTestFinished(() => server.close());
  const here = await connect({ version: '1.2.3', programs });
  onTestFinished(() => here.close());

  const keyless = await run(here, { action: 'test', url: server.url, hasKey: false, isJson: false });
  expect(keyless.code).toBe(1);
  expect(keyless.stdout).toContain('It asks for a key');
  const tried = await run(here, { action: 'test', url: server.url, hasKey: true, isJson: false });
  expect(tried).toMatchObject({ code: 0, stderr: '' });
  expect(tried.stdout).toContain(`As a backend: ${server.url}\nIt took the key.\n`);

  const added = await run(here, { action: 'add', url: server.url, name: 'My server', hasKey: true });
  const id = /as (\S+) \(/.exec(added.stdout)?.[1] ?? '';
  expect(added.stdout).toMatch(/^My server is in the list/);
  expect(await run(here, { action: 'check', id: 'my server', isJson: false })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('My server · ready · this computer'),
  });

  const asked = streams();
  expect(await ask(here.client, { ...asked, question: 'hello', backend: 'My server', isJson: false, cwd: home })).toBe(
    0,
  );
  expect(String(asked.stdout.read())).toBe('Hello there.\n');

  await run(here, { action: 'off', id });
  expect((await list(here)).backends.find((one) => one.id === id)?.state).toBe('off');
  await run(here, { action: 'remove', id });
  expect((await list(here)).backends.some((one) => one.id === id)).toBe(false);
  expect(readFileSync(path.join(home, 'data', 'settings.json'), 'utf8')).not.toContain(KEY);
});

test('a server that refused its key gets another one', async () => {
  const server = await startScriptedOpenAi({ key: KEY });
  onTestFinished(() => server.close());
  const here = await connect({ version: '1.2.3', programs });
  onTestFinished(() => here.close());
  await run(here, { action: 'add', url: server.url, name: 'My server', hasKey: true }, 'sk-old');
  const refused = await run(here, { action: 'key', id: 'my server' }, 'sk-older');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('refused the key (401)') });
  expect(await run(here, { action: 'key', id: 'my server' })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('My server · ready'),
    stderr: '',
  });
  await expect(run(here, { action: 'key', id: 'ollama' })).rejects.toThrow(/Hearth keeps no key for Ollama/);
});

test('what is found at an address is what is added, and what is said', async () => {
  const server = await startScriptedOpenAi();
  onTestFinished(() => server.close());
  const here = await connect({ version: '1.2.3', programs });
  onTestFinished(() => here.close());
  const typed = `127.0.0.1:${server.port}/forgotten`;
  const added = await run(here, { action: 'add', url: typed, name: 'My server', hasKey: false });
  expect(added.stdout).toContain(`(${server.url}#tiny)`);
  const { backends } = await list(here);
  expect(backends.find(({ label }) => label === 'My server')?.url).toBe(`${server.url}#tiny`);

  const asked = streams();
  const pasted = `${server.url}/chat/completions`;
  expect(await ask(here.client, { ...asked, question: 'hello', backend: pasted, isJson: false, cwd: home })).toBe(0);
  expect(String(asked.stdout.read())).toBe('Hello there.\n');
});

test('what the environment says stands in the list, and a wrong variable is told', async () => {
  const server = await startScriptedOpenAi();
  onTestFinished(() => server.close());
  vi.stubEnv('LLM_CHAT_API_URL', server.url);
  vi.stubEnv('OLLAMA_TIMEOUT', 'soon');
  const here = await connect({ version: '1.2.3', programs });
  onTestFinished(() => here.close());
  const { stdout, stderr } = await run(here, { action: 'list', isJson: false });
  expect(stdout).toMatch(/env-chat .*ready/);
  expect(stdout).toContain(`goes to 127.0.0.1:${server.port}`);
  expect(stderr).toContain(`LLM_CHAT_API_URL=${server.url} is in force`);
  expect(stderr).toContain('The variable OLLAMA_TIMEOUT of the environment is left out: “soon” is not a time');
  await expect(run(here, { action: 'remove', id: 'env-chat' })).rejects.toThrow(/as long as its variable is set/);
});
