// What `hearth models` lists, and how `hearth rm` deletes.
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { models, type ModelsOptions } from '../../../src/cli/models.ts';
import { removeModel, type RemoveOptions } from '../../../src/cli/remove.ts';
import type { Catalogue, ModelsStatus } from '../../../src/contract/models.ts';
import { errorInfo, HearthError } from '../../../src/main/errors/index.ts';
import { fakeClient, installedModel, modelsStatus, saying } from '../../support/fake-engine-room.ts';

const read = (stream: PassThrough) => String(stream.read() ?? '');
const never = new AbortController().signal;

async function list(answers: Parameters<typeof fakeClient>[0], change: Partial<ModelsOptions> = {}) {
  const { client, asked } = fakeClient(answers);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const base = { isCatalogue: false, isJson: false, isShared: true, signal: never, now: () => 600_000 };
  const code = await models(client, { ...base, stdout, stderr, ...change });
  return { code, asked, stdout: read(stdout), stderr: read(stderr) };
}
const refreshed = (change: Partial<ModelsStatus> = {}) => ({
  'models.refresh': () => ({ ...modelsStatus, ...change }),
});

const numbers = {
  size: '3B',
  quantization: 'Q4_K_M',
  downloadBytes: 2e9,
  layers: 1,
  kvHeads: 1,
  headSize: 1,
  contextLength: 1,
};
type Variant = Catalogue['entries'][number]['variants'][number];
const variant = (model: string, label: Variant['fit']['label'], isInstalled = false): Variant => ({
  ...numbers,
  model,
  isInstalled,
  fit: {
    label,
    needBytes: 3.2e9,
    freeBytes: 4e9,
    weightsBytes: 2e9,
    cacheBytes: 0.5e9,
    overheadBytes: 0.7e9,
    contextLength: 4096,
    place: 'memory',
  },
});
const catalogue: Catalogue = {
  updated: '2026-11-21',
  source: 'shipped',
  hardware: { memoryBytes: 8e9, freeMemoryBytes: 4e9, gpus: [], physicalCores: 4 },
  entries: [
    {
      id: 'llama3.2',
      name: 'Llama 3.2',
      family: 'Llama',
      goodAt: 'Everyday questions',
      licence: 'MIT',
      capabilities: ['completion'],
      languages: ['en'],
      variants: [
        variant('llama3.3:70b', 'too_big'),
        variant('llama3.1:8b', 'tight'),
        variant('llama3.2:1b', 'fits', true),
        variant('llama3.2:3b', 'fits'),
      ],
    },
  ],
  suggested: 'llama3.2:3b',
};
const shelf = { 'catalogue.get': () => catalogue };

describe('the list', () => {
  test('is a table', async () => {
    const loaded = { sizeBytes: 2.9e9, gpuBytes: 0, expiresAtMs: null };
    const installed = [
      { ...installedModel, lastUsedAtMs: 480_000, loaded },
      { ...installedModel, name: 'tiny', parameters: '114K' },
    ];
    const { code, stdout } = await list(refreshed({ installed }));
    expect(code).toBe(0);
    const [head, first, second] = stdout.split('\n');
    expect(head).toMatch(/^NAME +SIZE +PARAMETERS +QUANTIZATION +CONTEXT +IN MEMORY +LAST USED$/);
    expect(first).toMatch(/^llama3\.2:3b +2\.0 GB +3\.2B +Q4_K_M +128k +2\.9 GB +2 minutes ago$/);
    expect(second).toMatch(/^tiny +2\.0 GB +114K +Q4_K_M +128k +never$/);
    expect(head?.indexOf('LAST')).toBe(first?.indexOf('2 minutes'));
  });

  test('is one JSON object for programs', async () => {
    const { stdout } = await list(refreshed(), { isJson: true });
    expect(JSON.parse(stdout)).toEqual({ models: [installedModel], problem: null });
  });

  test('without a model is the catalogue, with how to get one', async () => {
    const { code, stdout, stderr } = await list({ ...refreshed({ installed: [] }), ...shelf });
    expect(code).toBe(0);
    expect(stderr).toContain('No model is installed yet');
    expect(stdout).toMatch(/^llama3\.2:3b /m);
    expect(stdout).toMatch(/hearth pull llama3\.2:3b\n$/);
    const forPrograms = await list(refreshed({ installed: [] }), { isJson: true });
    expect(JSON.parse(forPrograms.stdout)).toEqual({ models: [], problem: null });
  });

  test('says how to see what else there is', async () => {
    expect((await list(refreshed())).stderr).toContain('hearth models --catalogue');
  });

  test('that could not be had says why, beside what could', async () => {
    const problem = errorInfo('engine_not_ours');
    const found = await list(refreshed({ problem }));
    expect(found).toMatchObject({ code: 1, stderr: `${problem.message}\n` });
    expect(found.stdout).toContain('llama3.2:3b');
    expect(await list(refreshed({ installed: null, problem }), { isJson: true })).toMatchObject({ code: 1 });
  });

  test.each([[[]], [null]])('without an Ollama is the catalogue, with what comes first (%o)', async (installed) => {
    const without = refreshed({ installed, problem: errorInfo('ollama_not_installed') });
    const { code, stdout } = await list({ ...without, ...shelf });
    expect(code).toBe(0);
    expect(stdout).toMatch(/First: hearth engine install\nThen: +hearth pull llama3\.2:3b\n$/);
    expect(await list(without, { isJson: true })).toMatchObject({ code: 0 });
  });

  test('without an Ollama, but with a file, is that file', async () => {
    const problem = errorInfo('ollama_not_installed');
    const { code, stdout, stderr } = await list(refreshed({ problem }));
    expect(code).toBe(0);
    expect(stdout).toContain('llama3.2:3b');
    expect(stderr).toContain('hearth engine install');
  });

  test('wakes an Ollama only where no other Hearth runs, and goes on without one', async () => {
    expect((await list(refreshed())).asked).toEqual(['models.refresh']);
    const start = { 'engine.start': () => Promise.reject(new HearthError('ollama_not_installed')) };
    expect(await list({ ...refreshed(), ...start }, { isShared: false })).toMatchObject({
      code: 0,
      asked: ['engine.start', 'models.refresh'],
    });
  });

  test('a name cannot steer the terminal', async () => {
    const { stdout } = await list(refreshed({ installed: [{ ...installedModel, name: '\u001B[2Jtiny' }] }));
    expect(stdout).not.toContain('\u001B');
  });
});

test('the catalogue tells the need, where to begin, and first what fits', async () => {
  const { stdout, asked } = await list(shelf, { isCatalogue: true });
  expect(asked).toEqual(['catalogue.get']);
  expect(stdout).toMatch(/^llama3\.2:3b +2\.0 GB +3\.2 GB +fits +Everyday questions$/m);
  const names = [...stdout.matchAll(/^llama\S+/gm)].map(([name]) => name);
  expect(names).toEqual(['llama3.2:3b', 'llama3.2:1b', 'llama3.1:8b', 'llama3.3:70b']);
  expect(stdout).toMatch(/^llama3\.2:1b +2\.0 GB +3\.2 GB +installed/m);
  expect(stdout).toContain('hearth pull llama3.2:3b');
  expect(JSON.parse((await list(shelf, { isCatalogue: true, isJson: true })).stdout)).toEqual(catalogue);
});

describe('a deletion', () => {
  const removing = [{ name: 'llama3.2:3b', engine: 'ollama' as const, untilMs: 10_000 }];
  const waiting = { ...modelsStatus, removing };

  async function remove({
    watched = [waiting, { ...modelsStatus, installed: [] }],
    after = [],
    problem = null,
    undone = modelsStatus,
    listed = modelsStatus.installed,
    lookProblem = null,
    ...change
  }: Partial<RemoveOptions> & {
    watched?: ModelsStatus[];
    after?: ModelsStatus['installed'];
    problem?: ModelsStatus['problem'];
    undone?: ModelsStatus;
    listed?: ModelsStatus['installed'];
    lookProblem?: ModelsStatus['problem'];
    stop?: AbortController;
  } = {}) {
    const stop = new AbortController();
    let looks = 0;
    const { client, asked } = fakeClient({
      'models.refresh': () =>
        (looks += 1) === 1
          ? { ...modelsStatus, installed: listed, problem: lookProblem }
          : { ...modelsStatus, installed: after, problem },
      'models.remove': () => waiting,
      'models.watch': saying(watched, { onSaid: () => stop.abort() }),
      'models.undoRemove': () => undone,
    });
    const stderr = new PassThrough();
    const base = { model: 'llama3.2:3b', isShared: true, confirm: null, stderr, signal: stop.signal };
    const code = await removeModel(client, { ...base, ...change });
    return { code, asked, text: read(stderr) };
  }

  test('ends when it has happened', async () => {
    const { code, text, asked } = await remove();
    expect(code).toBe(0);
    expect(asked).toEqual(['models.refresh', 'models.remove', 'models.watch', 'models.refresh']);
    expect(text).toContain('is deleted; it took 2.0 GB');
  });

  test('that ended before its time was taken back elsewhere', async () => {
    const { code, text } = await remove({ after: [installedModel], now: () => 9_000 });
    expect(code).toBe(1);
    expect(text).toContain('taken back elsewhere');
  });

  test('that did not work and tells no reason says so', async () => {
    const { code, text } = await remove({ after: [installedModel], now: () => 11_000 });
    expect(code).toBe(1);
    expect(text).toContain('nothing says why');
  });

  test('that does not work says why', async () => {
    const problem = errorInfo('model_in_use', { model: 'llama3.2:3b' });
    const { code, text } = await remove({ after: [installedModel], problem });
    expect(code).toBe(1);
    expect(text.trimEnd().split('\n').at(-1)).toBe(problem.message);
    // Told when it failed, and gone by the next look.
    const watched = [waiting, { ...modelsStatus, problem }];
    expect((await remove({ watched, after: [installedModel] })).text).toContain(problem.message);
  });

  test('is taken back with Ctrl C', async () => {
    const { code, asked, text } = await remove({ watched: [waiting] });
    expect(code).toBe(130);
    expect(asked.at(-1)).toBe('models.undoRemove');
    expect(text).toContain('llama3.2:3b stays.');
  });

  test('that has begun when Ctrl C comes is not told to be taken back', async () => {
    for (const undone of [waiting, { ...modelsStatus, installed: [] }]) {
      const { code, text } = await remove({ watched: [waiting], undone });
      expect(code).toBe(130);
      expect(text).toContain('Too late');
    }
  });

  test('of one of two models with one name takes the one that is written so', async () => {
    const file = { ...installedModel, name: 'tiny', engine: 'llamacpp' as const, sizeBytes: 4e9 };
    const listed = [{ ...installedModel, name: 'tiny:latest' }, file];
    const asked: string[] = [];
    const confirm = (question: string) => Promise.resolve(asked.push(question) > 9);
    for (const model of ['tiny', 'tiny:latest']) await remove({ listed, model, confirm });
    expect(asked).toEqual(['Delete tiny (4.0 GB)?', 'Delete tiny:latest (2.0 GB)?']);
  });

  test('happens only when it is confirmed', async () => {
    const questions: string[] = [];
    const answer = (yes: boolean) => (question: string) => {
      questions.push(question);
      return Promise.resolve(yes);
    };
    expect(await remove({ confirm: answer(false) })).toMatchObject({ code: 1, asked: ['models.refresh'] });
    expect(await remove({ confirm: answer(true) })).toMatchObject({ code: 0 });
    expect(questions[0]).toBe('Delete llama3.2:3b (2.0 GB)?');
  });

  test('of a model that is not here names those that are, and asks nothing', async () => {
    const confirm = () => Promise.reject(new Error('asked'));
    expect(await remove({ model: 'foo', confirm })).toEqual({
      code: 1,
      asked: ['models.refresh'],
      text: 'There is no model called “foo” here, so nothing was deleted. Installed: llama3.2:3b.\n',
    });
    expect((await remove({ model: 'foo', listed: [] })).text).toBe(
      'There is no model called “foo” here, so nothing was deleted. None is installed.\n',
    );
  });

  test('of a model of an Ollama that can not be asked says that too', async () => {
    const { text } = await remove({ model: 'foo', listed: [], lookProblem: errorInfo('ollama_not_installed') });
    expect(text).toContain('hearth engine install');
  });

  test('finds a model without its tag, in any case', async () => {
    expect(await remove({ model: 'LLAMA3.2:3B' })).toMatchObject({ code: 0 });
  });
});
