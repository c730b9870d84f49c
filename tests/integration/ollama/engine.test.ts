// The engine as windows and terminals see it: our child, somebody else's server, none at all.
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineStatus } from '../../../src/contract/engine.ts';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import {
  addressReader,
  createActivityBoard,
  createEngine,
  createPlaces,
  type OllamaServerOptions,
} from '../../../src/main/ollama/index.ts';
import { memorySettings } from '../../support/memory-settings.ts';
import { untilGone } from '../../support/processes.ts';
import { startReplayOllama } from '../../support/replay-ollama/index.ts';
import { standInReport } from '../../support/stand-in-ollama/index.ts';
import { type Bench, forever, openBench } from './setup.ts';

let bench: Bench;
const closing: (() => unknown)[] = [];
beforeEach(() => {
  bench = openBench();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await bench.end();
});

async function nowhere(): Promise<string> {
  const server = await startReplayOllama();
  await server.close();
  return server.url;
}

/** An engine whose address answers nobody, unless a test names another; everything it tells is kept. */
async function open(patch: SettingsPatch = {}, options: Partial<OllamaServerOptions> = {}) {
  const address = await nowhere();
  const settings = memorySettings({ ...patch, ollama: { address, ...patch.ollama } });
  const server = bench.server({ settings: () => settings.get().engine, ...options });
  const places = createPlaces({
    address: addressReader(() => settings.get().ollama.address, {}),
    server,
    isStartAllowed: () => settings.get().ollama.startWhenNeeded,
    isOwnOnly: () => settings.get().engine.use === 'own' && settings.get().ollama.address === null,
    connectTimeoutMs: () => 2_000,
  });
  const board = createActivityBoard();
  const engine = createEngine({
    server,
    places,
    board,
    isOwnProgram: () => false,
    lookMs: () => 2_000,
    watchMs: 20,
  });
  settings.onChange(() => engine.refresh());
  const told: EngineStatus[] = [];
  closing.push(
    () => engine.close(),
    () => places.close(),
  );
  return { engine, server, places, settings, board, told, watch: () => engine.onChange((status) => told.push(status)) };
}

describe('our own child', () => {
  it('is absent without a program, and stopped with one', async () => {
    const { engine } = await open();
    expect(engine.status()).toMatchObject({ owner: 'none', state: 'absent', program: null, isHeld: false });
    await expect(engine.start(forever())).rejects.toMatchObject({ code: 'ollama_not_installed' });
    const program = await bench.behave({});
    expect(engine.status()).toMatchObject({ owner: 'none', state: 'stopped', program });
  });

  it('is started, told, restarted and stopped', async () => {
    const program = await bench.behave({ version: '0.32.5' });
    const { engine, told, watch } = await open();
    watch();
    const started = await engine.start(forever());
    expect(started).toEqual({
      owner: 'hearth',
      state: 'ready',
      activity: [],
      host: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
      version: '0.32.5',
      pid: standInReport(bench.folder).server,
      startedAtMs: expect.any(Number) as number,
      program,
      problem: null,
      lastLines: [],
      restart: null,
      isHeld: false,
      isOwnInstallation: false,
      needsRestart: false,
      logPath: expect.stringContaining('ollama.log') as string,
    });
    const restarted = await engine.restart(forever());
    expect(restarted).toMatchObject({ state: 'ready', isHeld: false });
    expect(restarted.pid).not.toBe(started.pid);
    expect(await engine.stop()).toMatchObject({ owner: 'none', state: 'stopped', isHeld: true, host: null, pid: null });
    expect(told.map(({ state }) => state)).toEqual([
      'starting',
      'ready',
      'stopping',
      'stopped',
      'starting',
      'ready',
      'stopping',
      'stopped',
    ]);
    expect((await engine.log(1_000)).lines.some((line) => line.includes('(version 0.32.5)'))).toBe(true);
  });

  it('is started by a person even where questions may not start it', async () => {
    await bench.behave({});
    const { engine } = await open({ ollama: { startWhenNeeded: false } });
    expect(await engine.start(forever())).toMatchObject({ state: 'ready', owner: 'hearth' });
  });

  it('stays stopped until a person or a question starts it', async () => {
    await bench.behave({});
    const { engine, places } = await open();
    await engine.start(forever());
    await engine.stop();
    expect(places.mayStart('check')).toBe(false);
    expect(places.mayStart('question')).toBe(true);
    await expect(places.open(forever())).rejects.toMatchObject({ code: 'ollama_held' });
    expect(await engine.start(forever())).toMatchObject({ state: 'ready', isHeld: false });
    await places.open(forever());
  });

  it('is killed at once, and not started again by itself', async () => {
    await bench.behave({ runner: 'start', ignoresSigterm: true });
    const { engine } = await open({}, { limits: { stopGraceMs: 60_000 } });
    await engine.start(forever());
    expect(await engine.kill()).toMatchObject({ state: 'stopped', isHeld: true });
    await untilGone(bench.pids());
  });

  it('tells why it is started again, why it was given up, and starts when a person wants it', async () => {
    await bench.behave({});
    const { engine, told, watch } = await open({}, { limits: { backoffMs: [5] } });
    watch();
    await engine.start(forever());
    await bench.behave({ exit: { status: 1, output: 'Error: nothing works\n' } });
    process.kill(standInReport(bench.folder).server, 'SIGKILL');
    await vi.waitFor(() => expect(engine.status().state).toBe('failed'), { timeout: 8_000 });
    expect(told.find(({ state }) => state === 'restarting')).toMatchObject({
      owner: 'hearth',
      problem: { code: 'ollama_ended' },
      restart: { attempt: 1, limit: 2, atMs: expect.any(Number) as number },
    });
    expect(engine.status()).toMatchObject({
      owner: 'none',
      problem: { code: 'ollama_gave_up', params: { times: 2, minutes: 2, said: 'nothing works' } },
      lastLines: ['Error: nothing works'],
    });
    await bench.behave({});
    expect(await engine.start(forever())).toMatchObject({ state: 'ready', problem: null, lastLines: [] });
  });

  it('needs a restart when settings of its environment have changed', async () => {
    await bench.behave({});
    const { engine, settings, told, watch } = await open();
    await engine.start(forever());
    watch();
    await settings.set({ engine: { contextLength: 4_096 } });
    expect(told.at(-1)).toMatchObject({ state: 'ready', needsRestart: true });
    expect(await engine.restart(forever())).toMatchObject({ needsRestart: false });
  });

  it('shows what it does for Hearth, a few times a second at most', async () => {
    await bench.behave({});
    const { engine, board, told, watch } = await open();
    await engine.start(forever());
    watch();
    const activity = board.begin('llama3.2');
    for (let times = 0; times < 100; times += 1) {
      activity.loading();
      activity.answering();
    }
    activity.loading();
    expect(engine.status().activity).toEqual([{ type: 'loading', model: 'llama3.2' }]);
    await vi.waitFor(() => expect(told.at(-1)?.activity).toEqual([{ type: 'loading', model: 'llama3.2' }]));
    expect(told).toHaveLength(1);
    activity.end();
    await vi.waitFor(() => expect(told.at(-1)?.activity).toEqual([]));
  });
});

describe('of what is wanted at once the last counts:', () => {
  it('a stop in the middle of a restart', async () => {
    await bench.behave({});
    const { engine, server } = await open();
    await engine.start(forever());
    const stopped = new Promise((resolve, reject) => {
      server.onChange(({ state }) => {
        if (state === 'stopping') engine.stop().then(resolve, reject);
      });
    });
    await expect(engine.restart(forever())).rejects.toMatchObject({ code: 'cancelled' });
    expect(await stopped).toMatchObject({ state: 'stopped', isHeld: true });
    expect(engine.status()).toMatchObject({ state: 'stopped', isHeld: true });
    await untilGone(bench.pids());
  });

  it('a stop while a start still looks who answers', async () => {
    await bench.behave({});
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const { engine, server } = await open({ ollama: { address: `127.0.0.1:${port}` } });
    silent.once('connection', (socket) => {
      // Nobody answers there as soon as the person has changed his mind.
      void engine.stop();
      socket.destroy();
      silent.close();
    });
    await expect(engine.start(forever())).rejects.toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(engine.status().isHeld).toBe(true));
    expect(server.state().state).toBe('stopped');
  });

  it('the end of Hearth: nothing is started after it', async () => {
    await bench.behave({});
    const { engine, server } = await open();
    await engine.start(forever());
    const restarted = engine.restart(forever());
    const refused = expect(restarted).rejects.toMatchObject({ code: 'cancelled' });
    engine.close();
    await server.stop();
    await refused;
    await expect(engine.start(forever())).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.state()).toEqual({ state: 'stopped' });
  });
});

describe('what was told is true:', () => {
  it('at a set port, an end of ours is no server of somebody else', async () => {
    await bench.behave({});
    const address = await nowhere();
    const port = Number(new URL(address).port);
    const { engine, places, told, watch } = await open(
      { ollama: { address }, engine: { port } },
      { limits: { backoffMs: [60_000] } },
    );
    await engine.start(forever());
    await places.open(forever());
    watch();
    process.kill(standInReport(bench.folder).server, 'SIGKILL');
    await vi.waitFor(() => expect(engine.status().state).toBe('restarting'), { timeout: 8_000 });
    expect(await engine.stop()).toMatchObject({ owner: 'none', state: 'stopped' });
    expect(told.map(({ owner }) => owner)).not.toContain('other');
  });

  it('those who listen hear of an end that one of them has brought about as the last', async () => {
    await bench.behave({});
    const server = bench.server();
    const told: string[] = [];
    server.onChange(({ state }) => {
      if (state === 'ready') void server.stop();
    });
    server.onChange(({ state }) => told.push(state));
    await server.start(forever());
    await vi.waitFor(() => expect(told).toEqual(['starting', 'stopping', 'stopped']));
  });

  it('what a person has stopped has not failed: a question may start it', async () => {
    await bench.behave({});
    const { engine, server, places } = await open({}, { limits: { backoffMs: [] } });
    await engine.start(forever());
    process.kill(standInReport(bench.folder).server, 'SIGKILL');
    await vi.waitFor(() => expect(engine.status().state).toBe('failed'), { timeout: 8_000 });
    expect(server.refusal()).toMatchObject({ code: 'ollama_gave_up' });
    expect(await engine.stop()).toMatchObject({ state: 'stopped', problem: null, lastLines: [] });
    await places.start(forever());
    expect(engine.status().state).toBe('ready');
  });
});

describe('a child that runs another program than the one that is meant', () => {
  it('ends at once when it is idle, else after its answers', async () => {
    const found = await bench.behave({});
    const own = openBench();
    closing.push(() => own.end());
    const program = await own.behave({ version: '9.9.9' });
    const { engine, settings, places, board, server } = await open(
      { ollama: { address: null } },
      { ownProgram: () => program },
    );
    await places.start(forever());
    expect(engine.status()).toMatchObject({ program: found });
    const activity = board.begin('tiny');
    await settings.set({ engine: { use: 'own' } });
    expect(server.state().state).toBe('ready');
    activity.end();
    expect(server.state().state).toBe('stopping');
    expect(await places.open(forever())).toMatchObject({ isOwned: true });
    expect(engine.status()).toMatchObject({ owner: 'hearth', state: 'ready', program, version: '9.9.9' });
  });
});

describe('an Ollama of somebody else', () => {
  it('is told with its version, and neither stopped, killed nor restarted', async () => {
    await bench.behave({});
    const theirs = await startReplayOllama({ version: '0.24.0' });
    const { engine } = await open({ ollama: { address: theirs.url } });
    const status = await engine.start(forever());
    expect(status).toMatchObject({
      owner: 'other',
      state: 'ready',
      host: `127.0.0.1:${theirs.port}`,
      version: '0.24.0',
      pid: null,
      program: null,
    });
    for (const end of [engine.stop(), engine.kill(), engine.restart(forever())])
      await expect(end).rejects.toMatchObject({ code: 'engine_not_ours' });
    expect(engine.status().isHeld).toBe(false);
    expect((await fetch(theirs.url)).status).toBe(200);
    expect(() => standInReport(bench.folder)).toThrow();
    await theirs.close();
  });

  it('is noticed while somebody watches: when it comes, and when it goes', async () => {
    await bench.behave({});
    const address = await nowhere();
    const { engine, told, watch } = await open({ ollama: { address } });
    const stop = watch();
    const theirs = await startReplayOllama({ port: Number(new URL(address).port) });
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ owner: 'other', state: 'ready' }), { timeout: 5_000 });
    await theirs.close();
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ owner: 'none', state: 'stopped' }), { timeout: 5_000 });
    stop();
    expect(engine.status().state).toBe('stopped');
  });

  it('that has gone is no Ollama that never was', async () => {
    const address = await nowhere();
    const theirs = await startReplayOllama({ port: Number(new URL(address).port) });
    const { engine, places } = await open({ ollama: { address } }, { env: { PATH: '' } });
    expect(await engine.look(forever())).toMatchObject({ owner: 'other', state: 'ready', problem: null });
    await theirs.close();
    expect(await engine.look(forever())).toMatchObject({
      state: 'absent',
      problem: { code: 'backend_unreachable', params: { host: new URL(address).host } },
    });
    expect(places.hasBeenSeen()).toBe(true);
    expect((await open({}, { env: { PATH: '' } })).engine.status()).toMatchObject({ state: 'absent', problem: null });
  });

  it('on another computer is not replaced by a child here', async () => {
    await bench.behave({});
    // Reserved for documentation: nobody answers there.
    const { engine, server } = await open({ ollama: { address: 'http://ollama.invalid:11434' } });
    await expect(engine.start(forever())).rejects.toMatchObject({ code: 'backend_unreachable' });
    expect(server.state().state).toBe('stopped');
  });

  it('ends our child when the settings mean it instead', async () => {
    await bench.behave({});
    const theirs = await startReplayOllama();
    const { engine, settings, places } = await open();
    await engine.start(forever());
    await settings.set({ ollama: { address: theirs.url } });
    await untilGone(bench.pids());
    await places.open(forever());
    expect(engine.status()).toMatchObject({ owner: 'other', host: `127.0.0.1:${theirs.port}` });
    await theirs.close();
  });

  it('ends our child also when it was just being started', async () => {
    await bench.behave({ startDelayMs: 200 });
    const theirs = await startReplayOllama();
    const { engine, settings, server } = await open();
    const started = engine.start(forever());
    await vi.waitFor(() => expect(server.state().state).toBe('starting'));
    await settings.set({ ollama: { address: theirs.url } });
    await started;
    await vi.waitFor(() => expect(server.state()).toEqual({ state: 'stopped' }), { timeout: 5_000 });
    await untilGone(bench.pids());
    await theirs.close();
  });

  it('does not count where only Hearth’s own is wanted', async () => {
    const own = await bench.behave({});
    const theirs = await startReplayOllama();
    const { engine, settings } = await open({ ollama: { address: theirs.url } }, { env: {}, ownProgram: () => own });
    await settings.set({ engine: { use: 'own' }, ollama: { address: null } });
    expect(engine.status()).toMatchObject({ owner: 'none', state: 'stopped', program: own });
    expect(await engine.start(forever())).toMatchObject({ owner: 'hearth', state: 'ready', program: own });
    expect(theirs.requestsTo('/api/version')).toHaveLength(0);
    await theirs.close();
  });
});

it('waking up looks at who answers', async () => {
  const theirs = await startReplayOllama();
  const { engine } = await open({ ollama: { address: theirs.url } });
  engine.checkNow();
  await vi.waitFor(() => expect(engine.status()).toMatchObject({ owner: 'other', state: 'ready' }));
  await theirs.close();
});

it('a look finds who answers, and wakes nobody', async () => {
  await bench.behave({});
  const theirs = await startReplayOllama();
  const { engine } = await open({ ollama: { address: theirs.url } });
  expect(await engine.look(forever())).toMatchObject({ owner: 'other', host: `127.0.0.1:${theirs.port}` });
  await theirs.close();
  expect(await engine.look(forever())).toMatchObject({ owner: 'none', state: 'stopped', pid: null });
});

it('an address that can’t be read is an error of the start, not of the status', async () => {
  await bench.behave({});
  const { engine } = await open({ ollama: { address: 'ftp://nowhere' } });
  expect(engine.status().state).toBe('stopped');
  await expect(engine.start(forever())).rejects.toMatchObject({ code: 'backend_url_invalid' });
});
