// What becomes of a server that ends by itself, hangs, or runs with settings that have changed.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OllamaServer, OllamaServerState } from '../../../src/main/ollama/index.ts';
import { untilGone } from '../../support/processes.ts';
import { standInReport } from '../../support/stand-in-ollama/index.ts';
import { type Bench, engineSettings, forever, openBench } from './setup.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.end());

const FAST = { backoffMs: [1, 2, 4, 8], windowMs: 60_000 };
const killServer = (signal: NodeJS.Signals = 'SIGKILL') => process.kill(standInReport(bench.folder).server, signal);
const until = (server: OllamaServer, state: OllamaServerState['state']) =>
  vi.waitFor(() => expect(server.state().state).toBe(state), { timeout: 10_000, interval: 5 });

describe('a server that ends by itself', () => {
  it('is started again, and says why', async () => {
    await bench.behave({});
    const server = bench.server({ limits: { ...FAST, backoffMs: [50] } });
    await server.start(forever());
    const [first] = bench.pids();
    const states: OllamaServerState[] = [];
    server.onChange((state) => states.push(state));
    killServer();
    await until(server, 'ready');
    await vi.waitFor(() => expect(states.map(({ state }) => state)).toEqual(['restarting', 'starting', 'ready']));
    expect(states[0]).toMatchObject({
      attempt: 1,
      limit: 2,
      atMs: expect.any(Number) as number,
      problem: { message: 'Ollama ended by itself (signal SIGKILL). Hearth is starting it again.' },
      lastLines: { length: 20 },
    });
    expect(standInReport(bench.folder).server).not.toBe(first);
  });

  it('is given up when it ends five times in a row, with its last words; a person may start it again', async () => {
    await bench.behave({});
    const server = bench.server({ limits: FAST });
    const attempts: number[] = [];
    server.onChange((state) => {
      if (state.state === 'restarting') attempts.push(state.attempt);
    });
    await server.start(forever());
    // From now on it ends before it is ready: that counts as well.
    await bench.behave({ exit: { status: 2, output: 'Error: no such weather\n' } });
    killServer();
    await until(server, 'failed');
    expect(attempts).toEqual([1, 2, 3, 4]);
    expect(server.state()).toMatchObject({ lastLines: ['Error: no such weather'] });
    const sentence =
      'Ollama ended 5 times in 1 minutes, so Hearth stopped starting it. Its last words: no such weather.';
    await expect(server.start(forever())).rejects.toThrow(sentence);

    await bench.behave({});
    await expect(server.start(forever())).rejects.toMatchObject({ code: 'ollama_gave_up' });
    server.renew();
    await server.start(forever());
    expect(server.state().state).toBe('ready');
  });

  it('may be started again when the settings or the program have changed, or the time is over', async () => {
    await bench.behave({});
    const settings = { current: engineSettings() };
    const giveUp = async (windowMs: number) => {
      const server = bench.server({ limits: { backoffMs: [], windowMs }, settings: () => settings.current });
      await server.start(forever());
      killServer();
      await until(server, 'failed');
      return server;
    };
    const byTime = await giveUp(1_500);
    expect(byTime.refusal()).toMatchObject({ code: 'ollama_gave_up' });
    await vi.waitFor(() => expect(byTime.refusal()).toBeNull(), { timeout: 5_000 });
    await byTime.stop();

    const bySettings = await giveUp(600_000);
    expect(bySettings.refusal()).not.toBeNull();
    settings.current = engineSettings({ contextLength: 4_096 });
    await bySettings.start(forever());
    expect(bySettings.state().state).toBe('ready');
  });

  it('is not tried again when it never was ready', async () => {
    await bench.behave({ exit: { status: 1, output: 'Error: no\n' } });
    const server = bench.server({ limits: FAST });
    const states: string[] = [];
    server.onChange(({ state }) => states.push(state));
    await expect(server.start(forever())).rejects.toMatchObject({ code: 'ollama_start_failed' });
    expect(states).toEqual(['starting', 'failed']);
    expect(server.refusal()).toBeNull();
  });

  it('stays ended when it is stopped while it waits for its next start', async () => {
    await bench.behave({});
    const server = bench.server({ limits: { ...FAST, backoffMs: [60_000] } });
    await server.start(forever());
    killServer();
    await until(server, 'restarting');
    await server.stop();
    expect(server.state()).toEqual({ state: 'stopped' });
    await untilGone(bench.pids());
  });

  it('is given up as not installed when the program is gone', async () => {
    const program = await bench.behave({});
    const server = bench.server({ limits: FAST, env: {}, ownProgram: () => own });
    let own: string | null = program;
    await server.start(forever());
    own = null;
    killServer();
    await until(server, 'failed');
    expect(server.state()).toMatchObject({ problem: { code: 'ollama_not_installed' } });
  });
});

describe('the health watch', () => {
  const health = { everyMs: 30, lookMs: 150, misses: 2 };

  it('starts a server again that accepts and keeps silent', async () => {
    await bench.behave({ runner: 'start' });
    const server = bench.server({ limits: { ...FAST, health } });
    await server.start(forever());
    const before = bench.pids();
    const problems: string[] = [];
    server.onChange((state) => {
      if (state.state === 'restarting') problems.push(state.problem.message);
    });
    // It takes connections (the system does that for it) and never answers, nor does it end on SIGTERM.
    killServer('SIGSTOP');
    await vi.waitFor(() => expect(problems).toHaveLength(1), { timeout: 5_000 });
    expect(problems[0]).toBe('Ollama runs but has not answered for 0.3 s. Hearth is starting it again.');
    await until(server, 'ready');
    await untilGone(before);
  });

  it('looks at once when the computer wakes up', async () => {
    await bench.behave({});
    const server = bench.server({ limits: { ...FAST, health: { ...health, everyMs: 600_000 } } });
    await server.start(forever());
    killServer('SIGSTOP');
    server.checkNow();
    await until(server, 'restarting');
  });
});

describe('kill', () => {
  it('ends server and runner at once, also those that ignore SIGTERM', async () => {
    await bench.behave({ runner: 'start', ignoresSigterm: true });
    // Nothing waits for the end of the grace: it is longer than the test.
    const server = bench.server({ limits: { stopGraceMs: 60_000 } });
    await server.start(forever());
    await server.kill();
    expect(server.state()).toEqual({ state: 'stopped' });
    await untilGone(bench.pids());
  });

  it('ends one that is just starting, or being stopped', async () => {
    await bench.behave({ fault: 'mute', ignoresSigterm: true });
    const server = bench.server({ limits: { stopGraceMs: 60_000 } });
    const started = server.start(forever());
    const refused = expect(started).rejects.toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => bench.pids(), { timeout: 5_000 });
    const stopped = server.stop();
    await server.kill();
    await Promise.all([stopped, refused]);
    await untilGone(bench.pids());
  });
});

describe('the settings', () => {
  it('reach the server, and ask for a restart when they change later', async () => {
    await bench.behave({});
    let settings = engineSettings({ contextLength: 8_192, parallel: 2, isCloudAllowed: true });
    const server = bench.server({ settings: () => settings });
    expect(server.needsRestart()).toBe(false);
    await server.start(forever());
    expect(standInReport(bench.folder).env).toEqual({
      OLLAMA_HOST: '127.0.0.1:0',
      OLLAMA_NOPRUNE: '1',
      OLLAMA_CONTEXT_LENGTH: '8192',
      OLLAMA_NUM_PARALLEL: '2',
    });
    expect(server.state()).toMatchObject({ parallel: 2 });
    // What goes with every question needs none.
    settings = { ...settings, threads: 4, gpuLayers: 0 };
    expect(server.needsRestart()).toBe(false);
    settings = { ...settings, contextLength: null };
    expect(server.needsRestart()).toBe(true);
    await server.stop();
    expect(server.needsRestart()).toBe(false);
    await server.start(forever());
    expect(server.needsRestart()).toBe(false);
    expect(standInReport(bench.folder).env).not.toHaveProperty('OLLAMA_CONTEXT_LENGTH');
  });

  it('let it listen on every interface, and it is still asked on this computer', async () => {
    await bench.behave({});
    const server = bench.server({ settings: () => engineSettings({ isExposed: true }) });
    const { host } = await server.start(forever());
    expect(host).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(standInReport(bench.folder).env).toMatchObject({ OLLAMA_HOST: '0.0.0.0:0' });
    expect(readFileSync(server.logPath, 'utf8')).toContain('Listening on [::]:');
  });

  it('may name a port that is taken, which is told with the way out', async () => {
    await bench.behave({});
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    const server = bench.server({ settings: () => engineSettings({ port }) });
    await expect(server.start(forever())).rejects.toThrow(
      `another program uses 127.0.0.1:${port} already; choose another port in Settings, Engine`,
    );
    await new Promise((resolve) => other.close(resolve));
    expect(await server.start(forever())).toEqual({ host: `127.0.0.1:${port}` });
  });

  it('that want Hearth’s own Ollama are followed', async () => {
    const own = await bench.behave({});
    const server = bench.server({
      env: { PATH: path.dirname(own) },
      settings: () => engineSettings({ use: 'own' }),
      ownProgram: () => installed,
    });
    let installed: string | null = null;
    expect(server.find()).toBeNull();
    installed = own;
    expect(server.find()).toBe(own);
    await server.start(forever());
    expect(server.state()).toMatchObject({ program: own });
  });
});
