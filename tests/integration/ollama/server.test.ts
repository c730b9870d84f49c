// The server as Hearth starts and stops it, with a stand-in that is a real process.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OllamaServerState } from '../../../src/main/ollama/index.ts';
import { isAlive, untilGone } from '../../support/processes.ts';
import { startReplayOllama } from '../../support/replay-ollama/index.ts';
import { standInReport } from '../../support/stand-in-ollama/index.ts';
import { type Bench, forever, openBench } from './setup.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.end());

describe('start and stop', () => {
  it('is ready on a free loopback port when start resolves, and gone with its runner when stop does', async () => {
    await bench.behave({ runner: 'start' });
    const server = bench.server();
    const states: OllamaServerState['state'][] = [];
    server.onChange(({ state }) => states.push(state));
    const { host } = await server.start(forever());

    expect(host).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await (await fetch(`http://${host}/`)).text()).toBe('Ollama is running');
    const { server: pid, runner, env } = standInReport(bench.folder);
    expect(server.state()).toEqual({
      state: 'ready',
      host,
      pid,
      version: '0.0.0',
      startedAtMs: expect.any(Number),
      program: path.join(bench.folder, 'ollama'),
      parallel: 1,
      modelsFolder: null,
    });
    expect(runner).not.toBeNull();
    expect(bench.pids().map(isAlive)).toEqual([true, true]);
    expect(env).toEqual({ OLLAMA_HOST: '127.0.0.1:0', OLLAMA_NOPRUNE: '1', OLLAMA_NO_CLOUD: '1' });

    await server.stop();
    expect(server.state()).toEqual({ state: 'stopped' });
    await untilGone(bench.pids());
    expect(states).toEqual(['starting', 'ready', 'stopping', 'stopped']);
  });

  it('gives the child its own values even when the user has set others', async () => {
    await bench.behave({});
    const env = { PATH: bench.folder, OLLAMA_HOST: '127.0.0.1:11434', OLLAMA_NO_CLOUD: '0', OLLAMA_KEEP_ALIVE: '1m' };
    const server = bench.server({ env });
    await server.start(forever());
    expect(standInReport(bench.folder).env).toEqual({
      OLLAMA_HOST: '127.0.0.1:0',
      OLLAMA_NOPRUNE: '1',
      OLLAMA_NO_CLOUD: '1',
      OLLAMA_KEEP_ALIVE: '1m',
    });
  });

  it('shares one start between all who ask at once and later', async () => {
    await bench.behave({ startDelayMs: 100 });
    const server = bench.server();
    let starts = 0;
    server.onChange(({ state }) => {
      if (state === 'starting') starts += 1;
    });
    const hosts = await Promise.all([server.start(forever()), server.start(forever()), server.start(forever())]);
    hosts.push(await server.start(forever()));
    expect(new Set(hosts.map(({ host }) => host)).size).toBe(1);
    expect(starts).toBe(1);
  });

  it('stops twice, at once and without a start, and starts again afterwards', async () => {
    await bench.behave({});
    const server = bench.server();
    await server.stop();
    await server.start(forever());
    const first = bench.pids();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    await untilGone(first);
    await server.start(forever());
    expect(standInReport(bench.folder).server).not.toBe(first[0]);
    await server.stop();
    await untilGone(bench.pids());
  });

  it('takes a start during a stop as the wish for a new server', async () => {
    await bench.behave({});
    const server = bench.server();
    await server.start(forever());
    const [first] = bench.pids();
    const stopped = server.stop();
    const started = server.start(forever());
    await stopped;
    await started;
    expect(server.state().state).toBe('ready');
    expect(standInReport(bench.folder).server).not.toBe(first);
  });

  it('lets the last stop win over a start that still waits for the one before', async () => {
    await bench.behave({});
    const server = bench.server();
    await server.start(forever());
    const first = server.stop();
    const started = server.start(forever());
    const second = server.stop();
    await expect(started).rejects.toMatchObject({ code: 'cancelled' });
    await Promise.all([first, second]);
    expect(server.state()).toEqual({ state: 'stopped' });
    await untilGone(bench.pids());
  });

  it('ends a start that stop interrupts', async () => {
    await bench.behave({ fault: 'mute', runner: 'start' });
    const server = bench.server();
    const started = server.start(forever());
    const refused = expect(started).rejects.toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(standInReport(bench.folder).runner).not.toBeNull(), { timeout: 5_000 });
    const pids = bench.pids();
    await server.stop();
    await refused;
    await untilGone(pids);
    expect(server.state()).toEqual({ state: 'stopped' });
  });

  it('does nothing for a signal that has aborted before', async () => {
    await bench.behave({});
    const server = bench.server();
    await expect(server.start(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.state()).toEqual({ state: 'stopped' });
    expect(existsSync(server.logPath)).toBe(false);
  });

  it('goes on for the others when one gives up, and ends when the last one does', async () => {
    await bench.behave({ fault: 'mute' });
    const server = bench.server();
    const [one, two] = [new AbortController(), new AbortController()];
    const first = server.start(one.signal);
    const second = server.start(two.signal);
    await vi.waitFor(() => bench.pids(), { timeout: 5_000 });
    one.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.state()).toEqual({ state: 'starting' });
    expect(bench.pids().map(isAlive)).toEqual([true]);
    two.abort();
    await expect(second).rejects.toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(server.state()).toEqual({ state: 'stopped' }), { timeout: 5_000 });
    await untilGone(bench.pids());
  });

  it('kills a server and a runner that do not end on SIGTERM', async () => {
    await bench.behave({ ignoresSigterm: true, runner: 'start' });
    const server = bench.server();
    await server.start(forever());
    await server.stop();
    await untilGone(bench.pids());
    expect(bench.pids()).toHaveLength(2);
  });
});

describe('a start that fails', () => {
  it('says that there is none', async () => {
    const server = bench.server();
    expect(server.find()).toBeNull();
    await expect(server.start(forever())).rejects.toMatchObject({ code: 'ollama_not_installed' });
    expect(server.state()).toEqual({ state: 'stopped' });
  });

  it('names a wrong HEARTH_OLLAMA instead of taking another', async () => {
    await bench.behave({});
    const wrong = path.join(bench.folder, 'not-there');
    const server = bench.server({ env: { PATH: bench.folder, HEARTH_OLLAMA: wrong } });
    expect(server.find()).toBe(wrong);
    const error = await server.start(forever()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ollama_start_failed', params: { log: server.logPath } });
    expect(String(error)).toContain(`there is no file at ${wrong}; correct HEARTH_OLLAMA`);
    expect(server.state()).toMatchObject({ state: 'failed', problem: error });
  });

  it.each([
    ['another program', '/bin/echo', '/bin/echo is not Ollama: it ended at once and said “serve”'],
    ['a program without a word', '/bin/false', 'ended without a word before it was ready (exit code 1)'],
  ])('tells %s from Ollama', async (_, program, reason) => {
    const server = bench.server({ env: { HEARTH_OLLAMA: program } });
    await expect(server.start(forever())).rejects.toThrow(reason);
    expect(server.state().state).toBe('failed');
  });

  it('names a HEARTH_OLLAMA that cannot be run', async () => {
    const text = path.join(bench.folder, 'text');
    writeFileSync(text, 'not to be run\n', { mode: 0o644 });
    const start = (file: string): Promise<unknown> => bench.server({ env: { HEARTH_OLLAMA: file } }).start(forever());
    await expect(start(bench.folder)).rejects.toThrow(`${bench.folder} is not a program file; correct HEARTH_OLLAMA`);
    await expect(start(text)).rejects.toThrow(`${text} may not be run; make it executable`);
  });

  it('tells a file that is no program', async () => {
    const file = path.join(bench.folder, 'ollama');
    writeFileSync(file, '#!/no/such/interpreter\n', { mode: 0o755 });
    await expect(bench.server().start(forever())).rejects.toThrow('is not a program for this computer (exit code 127)');
  });

  it('passes on what the program said, with its last lines', async () => {
    const recorded = JSON.parse(readFileSync('tests/fixtures/ollama/serve-port-in-use.json', 'utf8')) as {
      exit: number;
      stderr: string;
    };
    await bench.behave({ exit: { status: recorded.exit, output: recorded.stderr } });
    const server = bench.server();
    await expect(server.start(forever())).rejects.toThrow(
      'another program uses 127.0.0.1:21500 already; choose another port in Settings, Engine',
    );
    const said = 'Error: listen tcp 127.0.0.1:21500: bind: address already in use';
    expect(server.state()).toMatchObject({ state: 'failed', lastLines: [said] });
    await vi.waitFor(() => expect(readFileSync(server.logPath, 'utf8')).toBe(recorded.stderr));
  });

  it('waits no longer than its limit for a server that never says it is ready', async () => {
    await bench.behave({ fault: 'mute' });
    const server = bench.server({ limits: { startMs: 600 } });
    await expect(server.start(forever())).rejects.toThrow('was not ready within 0.6 s');
    expect(server.state().state).toBe('failed');
    await server.stop();
    await untilGone(bench.pids());
  });

  it('does not take the word of a server that does not answer', async () => {
    await bench.behave({ fault: 'deaf' });
    const server = bench.server({ limits: { startMs: 1_500 } });
    await expect(server.start(forever())).rejects.toThrow(
      /listens at 127\.0\.0\.1:\d+ but did not answer within 1\.5 s/,
    );
  });

  it('works the next time when the cause is gone', async () => {
    await bench.behave({ exit: { status: 2, output: 'Error: no\n' } });
    const server = bench.server();
    await expect(server.start(forever())).rejects.toMatchObject({ code: 'ollama_start_failed' });
    await bench.behave({});
    await expect(server.start(forever())).resolves.toBeDefined();
  });

  it('waits for a slow one', async () => {
    await bench.behave({ startDelayMs: 700 });
    await expect(bench.server().start(forever())).resolves.toBeDefined();
  });
});

describe('the log', () => {
  it('holds what the server said, and the run before in a second file', async () => {
    await bench.behave({ version: '1.1.1' });
    const server = bench.server();
    await server.start(forever());
    await server.stop();
    await bench.behave({ version: '2.2.2' });
    await server.start(forever());
    await server.stop();
    expect(readFileSync(server.logPath, 'utf8')).toMatch(/Listening on 127\.0\.0\.1:\d+ \(version 2\.2\.2\)/);
    const previous = path.join(bench.folder, 'logs/ollama.previous.log');
    expect(readFileSync(previous, 'utf8')).toMatch(/\(version 1\.1\.1\)/);
  });

  it('takes 100,000 lines without growing beyond its limit or holding up the server', async () => {
    await bench.behave({ extraLogLines: 100_000 });
    const server = bench.server({ limits: { logBytes: 1_000_000 } });
    const { host } = await server.start(forever());
    await vi.waitFor(() => expect(readFileSync(server.logPath, 'utf8')).toContain('number=100000\n'), {
      timeout: 20_000,
    });
    expect(readFileSync(server.logPath).length).toBeLessThanOrEqual(1_000_000);
    expect((await fetch(`http://${host}/api/version`)).status).toBe(200);
  });

  it('is not needed: the server runs on without one', async () => {
    await bench.behave({});
    const errors: unknown[] = [];
    const server = bench.server({
      folder: path.join(bench.folder, 'ollama'),
      onFileError: (error: unknown) => errors.push(error),
    });
    await expect(server.start(forever())).resolves.toBeDefined();
    expect(errors).toHaveLength(1);
  });
});

describe('a server that Hearth did not start', () => {
  it('is neither used nor ended', async () => {
    await bench.behave({ runner: 'start' });
    const foreign = await startReplayOllama();
    const env = { PATH: bench.folder, OLLAMA_HOST: foreign.host };
    const server = bench.server({ env });
    const { host } = await server.start(forever());
    expect(host).not.toBe(foreign.host);
    await server.stop();
    await untilGone(bench.pids());
    expect(foreign.connections()).toBe(0);
    expect((await fetch(foreign.url)).status).toBe(200);
    await foreign.close();
  });
});
