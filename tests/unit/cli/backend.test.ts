// What `hearth backend` asks of Hearth, and what it says.
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { BackendAction } from '../../../src/cli/arguments-backend.ts';
import { backend } from '../../../src/cli/backend.ts';
import { UsageError } from '../../../src/cli/usage.ts';
import type { BackendsStatus, BackendStatus, ProbeResult } from '../../../src/contract/backends.ts';
import { errorInfo } from '../../../src/main/errors/index.ts';
import { fakeClient } from '../../support/fake-engine-room.ts';

const CWD = path.resolve('/projects/here');
const model = { name: 'tiny', sizeBytes: 1, family: null, parameters: null, quantization: null };
const ollama: BackendStatus = {
  id: 'ollama',
  kind: 'ollama',
  label: 'Ollama',
  url: 'ollama://tiny@127.0.0.1:11434',
  host: '127.0.0.1:11434',
  state: 'ready',
  isOwned: false,
  version: '0.32.5',
  latencyMs: 3.4,
  models: [model],
  problem: null,
  abilities: [],
  standsIn: true,
  restsUntilMs: null,
  lastAnswerAtMs: null,
  origin: 'builtin',
};
const remote: BackendStatus = {
  ...ollama,
  id: 'gpu',
  kind: 'openai',
  label: 'My GPU',
  url: 'https://gpu.lan/v1',
  host: 'gpu.lan:443',
  state: 'unavailable',
  latencyMs: null,
  models: [],
  problem: errorInfo('backend_unreachable', { host: 'gpu.lan:443', backend: 'My GPU' }),
  origin: 'added',
};
const demo: BackendStatus = {
  ...ollama,
  id: 'demo',
  kind: 'demo',
  label: 'Demo',
  url: 'demo://',
  host: null,
  models: [],
};
const status: BackendsStatus = {
  backends: [ollama, remote, demo],
  chosen: { id: 'ollama', kind: 'ollama', label: 'Ollama', model: 'tiny' },
  isChecking: false,
  demo: 'ifNobodyIsThere',
  isOrderAutomatic: true,
  environment: [],
  secretsIn: 'file',
};
const probe: ProbeResult = {
  url: 'http://gpu.lan:8000/v1',
  kind: 'openai',
  name: 'gpu.lan',
  host: 'gpu.lan:8000',
  version: null,
  latencyMs: 12,
  models: [model, model],
  key: 'accepted',
  problem: null,
};

interface Scene {
  answers?: Parameters<typeof fakeClient>[0];
  isShared?: boolean;
  key?: string;
}

async function run(what: BackendAction, { answers = {}, isShared = true, key = '' }: Scene = {}) {
  const inputs: unknown[] = [];
  const all: NonNullable<Scene['answers']> = {
    'backends.status': () => status,
    'backends.check': () => status,
    ...answers,
  };
  const kept = Object.entries(all).map(([name, answer]): [string, typeof answer] => [
    name,
    (input) => {
      if (input !== undefined) inputs.push(input);
      return answer(input);
    },
  ]);
  const { client, asked } = fakeClient(Object.fromEntries(kept));
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const readKey = () => Promise.resolve(key);
  const { signal } = new AbortController();
  const code = await backend({ client, isShared }, what, { readKey, cwd: CWD, stdout, stderr, signal });
  return { code, asked, inputs, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

describe('the list', () => {
  test('has a line for each, in order, and says which one is next', async () => {
    const { code, stdout, stderr, asked } = await run({ action: 'list', isJson: false });
    expect(code).toBe(0);
    expect(asked).toEqual(['backends.status']);
    const [head, ...lines] = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(head).toEqual(['#', 'ID', 'NAME', 'STATE', 'PLACE', 'LATENCY', 'MODELS']);
    expect(lines[0]).toEqual(['1', 'ollama', 'Ollama', 'ready', 'this computer', '3 ms', '1']);
    expect(lines[1]).toEqual(['2', 'gpu', 'My GPU', 'unavailable', 'gpu.lan:443']);
    expect(lines[2]).toEqual(['3', 'demo', 'Demo', 'ready', 'this computer', '3 ms']);
    expect(stdout).toContain(`\n\nMy GPU: ${remote.problem?.message}\n\n`);
    expect(stdout).toContain('\nThe next question of a new chat goes to Ollama with tiny.\n');
    expect(stderr).toBe('');
  });

  test('gives one that is only asked by name no place in the order', async () => {
    const found = { ...status, backends: status.backends.map((one) => ({ ...one, standsIn: one.id !== 'gpu' })) };
    const { stdout } = await run({ action: 'list', isJson: false }, { answers: { 'backends.status': () => found } });
    expect(stdout.split('\n').map((line) => line.charAt(0))).toEqual(['#', '1', '–', '3', '', 'M', '', 'T', '']);
  });

  test('of a terminal of its own looks first', async () => {
    const { asked } = await run({ action: 'list', isJson: false }, { isShared: false });
    expect(asked).toEqual(['backends.check']);
  });

  test('says what the environment does, harmless for a terminal', async () => {
    const problem = errorInfo('environment_invalid', { name: 'USE_OLLAMA', reason: 'x' });
    const wrong = errorInfo('backend_url_invalid', { url: 'x', reason: 'y', place: 'x', example: 'demo://' });
    const found: BackendsStatus = {
      ...status,
      backends: [{ ...ollama, label: 'Ol\u001Blama', restsUntilMs: 5 }],
      chosen: { ...status.chosen, model: null },
      environment: [
        { name: 'OLLAMA_MODEL', value: 'tiny', state: 'inForce', problem: null },
        { name: 'OLLAMA_HOST', value: 'gpu.lan', state: 'overridden', problem: null },
        { name: 'USE_OLLAMA', value: 'maybe', state: 'invalid', problem },
        { name: 'LLM_CHAT_API_URL', value: 'x', state: 'invalid', problem: wrong },
      ],
    };
    const { stdout, stderr } = await run(
      { action: 'list', isJson: false },
      { answers: { 'backends.status': () => found } },
    );
    expect(stdout).toMatch(/ {2}Ollama {2}resting /);
    expect(stdout).toContain('goes to Ollama.\n');
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^OLLAMA_MODEL=tiny is in force/),
      expect.stringMatching(/^OLLAMA_HOST=gpu.lan is not in force/),
      problem.message,
      `LLM_CHAT_API_URL is not in force. ${wrong.message}`,
      '',
    ]);
  });

  test('is the whole status for a program', async () => {
    const { stdout } = await run({ action: 'list', isJson: true });
    expect(JSON.parse(stdout)).toEqual(status);
  });
});

describe('check', () => {
  test('of all lists them, of one says how it is in its exit code', async () => {
    expect(await run({ action: 'check', id: null, isJson: false })).toMatchObject({
      code: 0,
      asked: ['backends.check'],
    });
    const well = await run({ action: 'check', id: 'OLLAMA', isJson: false });
    expect(well).toMatchObject({ code: 0, stdout: 'Ollama · ready · this computer · 3 ms · 1 model\n', stderr: '' });
    const bad = await run({ action: 'check', id: 'my gpu', isJson: false });
    expect(bad).toMatchObject({ code: 1, stderr: `${remote.problem?.message}\n` });
    const json = await run({ action: 'check', id: 'gpu', isJson: true });
    expect(JSON.parse(json.stdout)).toEqual(remote);
  });

  test('of one that is not there names those that are', async () => {
    const look = run({ action: 'check', id: 'nope', isJson: false });
    await expect(look).rejects.toThrow('There is no backend “nope”. There are: ollama, gpu, demo.');
    await expect(look).rejects.toBeInstanceOf(UsageError);
    const twins = {
      ...status,
      backends: [
        ollama,
        { ...remote, label: 'ollama', id: 'other' },
        { ...remote, label: 'GPU', id: 'a' },
        { ...remote, label: 'gpu', id: 'b' },
      ],
    };
    const answers = { 'backends.check': () => twins };
    await expect(run({ action: 'check', id: 'Gpu', isJson: false }, { answers })).rejects.toThrow('Use the id: a, b.');
    // An id comes before a name.
    expect((await run({ action: 'check', id: 'ollama', isJson: false }, { answers })).code).toBe(0);
  });
});

describe('changes', () => {
  test('add sends the URL as seen from here, the name and the key, and shows what became of it', async () => {
    const file = { ...remote, id: 'file', label: 'Tiny', url: 'llamacpp:///x' };
    const after = { ...status, backends: [...status.backends, file] };
    const answers = { 'backends.add': () => after, 'backends.check': () => after };
    const { stdout, stderr, inputs, code } = await run(
      { action: 'add', url: 'llamacpp://models/tiny.gguf', name: 'Tiny', hasKey: true },
      { answers, key: ' sk-123\n' },
    );
    expect(inputs).toEqual([{ url: `llamacpp://${path.join(CWD, 'models/tiny.gguf')}`, name: 'Tiny', key: 'sk-123' }]);
    expect(stdout).toBe('Tiny is in the list as file (llamacpp:///x).\n');
    // Nobody answers there yet, which may be a mistyped address.
    expect(stderr).toBe(`${remote.problem?.message}\n`);
    expect(code).toBe(0);
    const plain = await run({ action: 'add', url: 'https://gpu.lan', name: null, hasKey: false }, { answers });
    expect(plain.inputs).toEqual([{ url: 'https://gpu.lan' }]);
  });

  test('add without the key it promised is wrong usage', async () => {
    const add = run({ action: 'add', url: 'https://gpu.lan', name: null, hasKey: true }, { key: '\n' });
    await expect(add).rejects.toBeInstanceOf(UsageError);
  });

  test('remove takes away what was added, and nothing else', async () => {
    const answers = { 'backends.remove': () => status };
    const { inputs, stdout } = await run({ action: 'remove', id: 'My GPU' }, { answers });
    expect(inputs).toEqual([{ id: 'gpu' }]);
    expect(stdout).toBe('My GPU is no longer in the list.\n');
    await expect(run({ action: 'remove', id: 'ollama' }, { answers })).rejects.toThrow(/hearth backend off ollama/);
  });

  test.each(['on', 'off'] as const)('%s switches one', async (action) => {
    const answers = { 'backends.setOn': () => status };
    const { inputs, stdout } = await run({ action, id: 'ollama' }, { answers });
    expect(inputs).toEqual([{ id: 'ollama', isOn: action === 'on' }]);
    expect(stdout).toBe(`Ollama is ${action}.\n`);
  });
});

describe('test', () => {
  const what = { action: 'test', url: 'http://gpu.lan:8000', hasKey: false, isJson: false } as const;

  test('says what answers, and how it would be kept', async () => {
    const answers = { 'backends.probe': () => probe };
    const { code, stdout, inputs } = await run({ ...what, hasKey: true }, { answers, key: 'sk-1' });
    expect(inputs).toEqual([{ url: 'http://gpu.lan:8000', key: 'sk-1' }]);
    expect(stdout.split('\n')).toEqual([
      'gpu.lan · gpu.lan:8000 · 12 ms · 2 models',
      'As a backend: http://gpu.lan:8000/v1',
      'It took the key.',
      '',
    ]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('sk-1');
    expect(JSON.parse((await run({ ...what, isJson: true }, { answers })).stdout)).toEqual(probe);
  });

  test('of an address where nobody answers fails with the reason', async () => {
    const found: ProbeResult = { ...probe, latencyMs: null, models: [], key: 'unknown', problem: remote.problem };
    const { code, stderr, stdout } = await run(what, { answers: { 'backends.probe': () => found } });
    expect(code).toBe(1);
    expect(stderr).toBe(`${remote.problem?.message}\n`);
    expect(stdout).not.toContain('models');
  });
});
