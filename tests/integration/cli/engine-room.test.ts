// The terminal's commands with Hearth's real services: on their own, and joined to a Hearth that runs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { connect, type Connection, joinRunning } from '../../../src/cli/connect.ts';
import { engine } from '../../../src/cli/engine.ts';
import { models } from '../../../src/cli/models.ts';
import { pull } from '../../../src/cli/pull.ts';
import { removeModel } from '../../../src/cli/remove.ts';
import { isAlive } from '../../support/processes.ts';
import { type PullBehaviour, type ReplayOllama, startReplayOllama } from '../../support/replay-ollama/index.ts';
import { makeStandInOllama, standInReport } from '../../support/stand-in-ollama/index.ts';

const source = (file: string) => new URL(`../../../${file}`, import.meta.url);
const programs = {
  storageWorker: source('src/main/storage/worker.ts'),
  llamaEngine: fileURLToPath(source('src/main/backends/llamacpp/engine-process.ts')),
  appRoot: fileURLToPath(source('.')),
};
const layer = (bytes: number): PullBehaviour => ({
  layers: [{ digest: `sha256:${'ab'.repeat(32)}`, bytes }],
  bytesPerRecord: bytes / 20,
});
const never = new AbortController().signal;

let home: string;

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'hearth-cli-'));
  vi.stubEnv('HEARTH_HOME', path.join(home, 'data'));
  vi.stubEnv('PATH', '');
  vi.stubEnv('HEARTH_OLLAMA', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

async function replay(behaviour: Parameters<typeof startReplayOllama>[0]): Promise<ReplayOllama> {
  const server = await startReplayOllama({ models: [], ...behaviour });
  onTestFinished(() => server.close());
  vi.stubEnv('OLLAMA_HOST', `${server.host}:${server.port}`);
  return server;
}

/** The first one runs the services, those that come while it is open join it. */
async function open(): Promise<Connection> {
  const connection = await connect({ version: 'test', programs });
  onTestFinished(() => connection.close());
  return connection;
}

function output() {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return { stream, text: () => text };
}

function pullTiny({ client, isShared }: Connection, signal = never) {
  const { stream, text } = output();
  const ended = pull(client, { model: 'tiny', isFresh: false, isInsecure: false, isShared, stderr: stream, signal });
  return { ended, text };
}

async function listed(connection: Connection): Promise<string[]> {
  const { stream, text } = output();
  const options = { isCatalogue: false, isJson: true, isShared: connection.isShared, signal: never };
  expect(await models(connection.client, { ...options, stdout: stream, stderr: new PassThrough() })).toBe(0);
  return (JSON.parse(text()) as { models: { name: string }[] }).models.map(({ name }) => name);
}

describe('hearth pull', () => {
  test('fetches a model once', async () => {
    await replay({ pull: layer(2_000_000) });
    const connection = await open();
    const first = pullTiny(connection);
    expect(await first.ended).toBe(0);
    expect(first.text()).toContain('tiny is here');
    expect(await listed(connection)).toEqual(['tiny:latest']);
    const again = pullTiny(connection);
    expect(await again.ended).toBe(0);
    expect(again.text()).toContain('here already');
  });

  test('a model that nobody has fails with its sentence', async () => {
    await replay({ pull: { ...layer(1_000), unknown: ['tiny', 'tiny:latest'] } });
    const attempt = pullTiny(await open());
    expect(await attempt.ended).toBe(1);
    expect(attempt.text()).toContain('There is no model tiny');
  });

  test('that is interrupted goes on the next time', async () => {
    const server = await replay({ pull: { ...layer(1_000_000), stopAtBytes: 400_000 } });
    const stop = new AbortController();
    const first = await connect({ version: 'test', programs });
    const attempt = pullTiny(first, stop.signal);
    await vi.waitFor(() => expect(attempt.text()).toContain('400 kB of 1.0 MB'), { timeout: 10_000 });
    stop.abort();
    expect(await attempt.ended).toBe(130);
    expect(attempt.text()).toContain('Paused');
    await first.close();
    server.set({ pull: layer(1_000_000) });
    const second = pullTiny(await open());
    expect(await second.ended).toBe(0);
    expect(second.text()).not.toMatch(/ [0-3] %/);
  });

  test('that is left to another Hearth goes on there', async () => {
    const server = await replay({ pull: { ...layer(1_000_000), stopAtBytes: 400_000 } });
    const app = await open();
    const joined = await open();
    expect([app.isShared, joined.isShared]).toEqual([false, true]);
    const stop = new AbortController();
    const attempt = pullTiny(joined, stop.signal);
    await vi.waitFor(() => expect(attempt.text()).toContain('400 kB of 1.0 MB'), { timeout: 10_000 });
    stop.abort();
    expect(await attempt.ended).toBe(130);
    expect(attempt.text()).toContain('Hearth goes on with tiny');
    server.set({ pull: layer(1_000_000) });
    await vi.waitFor(async () => expect((await app.client.downloads.status()).downloads[0]?.state).toBe('done'), {
      timeout: 20_000,
    });
  });
});

describe('hearth rm', () => {
  test('ends when the model is gone', async () => {
    const server = await replay({
      models: [{ name: 'tiny:latest' }, { name: 'other:latest' }],
      onRequest: ({ path: asked }) => {
        if (asked === '/api/delete') setImmediate(() => server.set({ models: [{ name: 'other:latest' }] }));
      },
    });
    const connection = await open();
    const { stream, text } = output();
    const options = { model: 'tiny', isShared: connection.isShared, confirm: null, stderr: stream, signal: never };
    expect(await removeModel(connection.client, options)).toBe(0);
    expect(text()).toContain('tiny:latest is deleted');
    expect(server.requestsTo('/api/delete')).toHaveLength(1);
    expect(await listed(connection)).toEqual(['other:latest']);
  });

  test('taken back with Ctrl C deletes nothing', async () => {
    const server = await replay({ models: [{ name: 'tiny:latest' }] });
    const connection = await open();
    const stop = new AbortController();
    const { stream, text } = output();
    const options = {
      model: 'tiny',
      isShared: connection.isShared,
      confirm: null,
      stderr: stream,
      signal: stop.signal,
    };
    const attempt = removeModel(connection.client, options);
    await vi.waitFor(() => expect(text()).toContain('Ctrl C'), { timeout: 10_000 });
    stop.abort();
    expect(await attempt).toBe(130);
    expect(server.requestsTo('/api/delete')).toHaveLength(0);
    expect((await connection.client.models.status()).removing).toEqual([]);
  });
});

describe('hearth engine', () => {
  const nobody = () => Promise.reject(new Error('not asked'));
  const doors = {
    connect: () => connect({ version: 'test', programs }),
    join: joinRunning,
    look: nobody,
    readLog: nobody,
  };

  test('start holds an Ollama, over a restart, until another terminal stops it', async () => {
    const folder = path.join(home, 'stand-in');
    vi.stubEnv('HEARTH_OLLAMA', await makeStandInOllama(folder));
    vi.stubEnv('OLLAMA_HOST', '127.0.0.1:9');
    vi.stubEnv('PATH', '/usr/bin:/bin');
    const [mine, theirs, nothing] = [output(), output(), output()];
    const holding = engine({ action: 'start' }, { doors, stdout: nothing.stream, stderr: mine.stream, signal: never });
    await vi.waitFor(() => expect(mine.text()).toContain('Ctrl C ends it'), { timeout: 20_000 });
    const { server } = standInReport(folder);
    expect(isAlive(server)).toBe(true);
    const scene = { doors, stdout: theirs.stream, stderr: theirs.stream, signal: never };
    await engine({ action: 'status', isJson: false }, scene);
    expect(theirs.text()).toContain(`(process ${server})`);
    await engine({ action: 'logs', lines: 50, isFollowing: false }, scene);
    expect(theirs.text()).toContain('Listening on');
    expect(await engine({ action: 'restart' }, scene)).toBe(0);
    const { server: next } = standInReport(folder);
    expect([isAlive(server), isAlive(next)]).toEqual([false, true]);
    await vi.waitFor(() => expect(mine.text()).toContain(`(process ${next})`), { timeout: 10_000 });
    expect(await engine({ action: 'stop' }, scene)).toBe(0);
    expect(await holding).toBe(0);
    await vi.waitFor(() => expect(isAlive(next)).toBe(false), { timeout: 10_000 });
  });
});
