// `hearth models`, `pull`, `rm` and `engine` in a terminal: beside the open window, and on their own.
import path from 'node:path';
import { isAlive } from '../support/processes.ts';
import { startReplayOllama } from '../support/replay-ollama/index.ts';
import { makeStandInOllama, standInReport } from '../support/stand-in-ollama/index.ts';
import { startStoreOllama } from '../support/store-ollama.ts';
import { expect, test } from './support/hearth.ts';
import { screen } from './support/screen.ts';

const LAYERS = [{ digest: `sha256:${'c'.repeat(64)}`, bytes: 1_300_000_000 }];
const PULL = { layers: LAYERS, bytesPerRecord: 100_000_000 };

test('engine: the window and the terminal steer one and the same Ollama', async ({ home, start, hearth }) => {
  const folder = path.join(home, 'bin');
  const program = await makeStandInOllama(folder, { version: '0.32.5', extraLogLines: 150 });
  const env = { HEARTH_OLLAMA: program };
  const { window } = await start(env);
  await screen(window).openSettings('Engine');
  const state = window.getByRole('region', { name: 'State of the engine' }).getByRole('status');
  await expect(state).toHaveText('Ready');
  const first = standInReport(folder).server;
  expect((await hearth(['engine', 'status'], { env })).stdout).toContain(`Ollama 0.32.5 is ready at 127.0.0.1:`);
  const logs = await hearth(['engine', 'logs', '-n', '3'], { env });
  expect(logs).toMatchObject({ code: 0 });
  expect(logs.stdout.match(/number=\d+/g)).toEqual(['number=148', 'number=149', 'number=150']);

  expect(await hearth(['engine', 'stop'], { env })).toMatchObject({ code: 0 });
  await expect(state).toHaveText('Stopped');
  expect(isAlive(first)).toBe(false);
  expect(await hearth(['engine', 'start'], { env })).toMatchObject({ code: 0 });
  await expect(state).toHaveText('Ready');
  const second = standInReport(folder).server;
  expect(await hearth(['engine', 'restart'], { env })).toMatchObject({ code: 0 });
  await expect(state).toHaveText('Ready');
  const third = standInReport(folder).server;
  expect(new Set([first, second, third]).size).toBe(3);
  expect(await hearth(['engine', 'kill'], { env })).toMatchObject({ code: 0 });
  await expect(state).toHaveText('Stopped');
  expect(isAlive(third)).toBe(false);
});

test('models: what a terminal pulls and deletes comes and goes in the window', async ({ start, hearth }) => {
  const ollama = await startReplayOllama({
    models: [{ name: 'tiny:latest', sizeBytes: 465_695 }],
    pull: { ...PULL, stopAtBytes: 600_000_000, unknown: ['nosuch'] },
  });
  const env = { OLLAMA_HOST: `${ollama.host}:${ollama.port}` };
  const { window } = await start(env);
  await screen(window).openSettings('Models');
  const pulling = hearth(['pull', 'llama3.2:1b'], { env });
  await expect(window.getByRole('listitem', { name: 'llama3.2 1B' })).toContainText('600 MB of 1.3 GB');
  ollama.set({ pull: { ...PULL, unknown: ['nosuch'] } });
  expect(await pulling).toMatchObject({ code: 0, stdout: '' });
  expect((await pulling).stderr).toContain('llama3.2:1b is here');
  await expect(window.getByRole('table', { name: 'Installed' })).toContainText('llama3.2 1B');

  const listed = await hearth(['models', '--json'], { env });
  const { models } = JSON.parse(listed.stdout) as { models: { name: string }[] };
  expect(models.map(({ name }) => name).toSorted()).toEqual(['llama3.2:1b', 'tiny:latest']);
  const failed = await hearth(['pull', 'nosuch'], { env });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toContain('There is no model nosuch');
  expect(await hearth(['pull', 'tiny'], { env })).toMatchObject({ code: 0 });
  expect(ollama.requestsTo('/api/pull').map(({ body }) => (body as { model: string }).model)).toEqual([
    'llama3.2:1b',
    'nosuch',
  ]);
  await ollama.close();
});

test('on its own: the models are listed, one is deleted for good, and its Ollama ends with the command', async ({
  home,
  hearth,
}) => {
  const store = await startStoreOllama({ folder: path.join(home, 'ollama'), atEnd: () => undefined });
  store.add('llama3.2:1b');
  store.add('qwen3:8b');
  const away = { OLLAMA_HOST: store.host };
  const listed = await hearth(['models'], { env: away });
  expect(listed.code).toBe(0);
  expect(listed.stdout).toMatch(/^NAME +SIZE/);
  expect(listed.stdout).toMatch(/^llama3\.2:1b /m);
  const [removed, wrong] = await Promise.all([
    hearth(['rm', '--yes', 'llama3.2:1b'], { env: away }),
    hearth(['rm', '--yes', 'nosuch'], { env: away }),
  ]);
  expect(removed).toMatchObject({ code: 0 });
  expect(removed.stderr).toContain('llama3.2:1b is deleted');
  expect(wrong).toMatchObject({ code: 1 });
  expect(wrong.stderr).toContain('no model called “nosuch”');
  expect(store.names()).toEqual(['qwen3:8b']);
  await store.close();

  const folder = path.join(home, 'bin');
  const env = { HEARTH_OLLAMA: await makeStandInOllama(folder) };
  expect((await hearth(['engine', 'status'], { env })).stdout).toContain('Ollama is stopped.');
  const stopped = await hearth(['engine', 'stop'], { env });
  expect(stopped).toMatchObject({ code: 0 });
  expect(stopped.stderr).toContain('No Hearth is running');
  expect(() => standInReport(folder)).toThrow();
  expect((await hearth(['models'], { env })).stdout).toContain('tiny');
  await expect.poll(() => isAlive(standInReport(folder).server)).toBe(false);
});
