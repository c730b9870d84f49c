// What `hearth engine` asks of a running Hearth, and does without one.
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { EngineAction } from '../../../src/cli/arguments-engine.ts';
import type { Connection } from '../../../src/cli/connect.ts';
import { engine } from '../../../src/cli/engine.ts';
import type { EngineStatus, InstallStatus } from '../../../src/contract/engine.ts';
import { errorInfo, HearthError } from '../../../src/main/errors/index.ts';
import { engineStatus, fakeClient, installStatus, saying } from '../../support/fake-engine-room.ts';

interface Scene {
  answers?: Parameters<typeof fakeClient>[0];
  /** `app`: another Hearth runs. `none`: this process does the work. */
  hearth?: 'app' | 'none';
  stop?: AbortController;
  isTerminal?: boolean;
}

async function run(
  what: EngineAction,
  { answers = {}, hearth = 'app', stop = new AbortController(), isTerminal }: Scene = {},
) {
  const { client, asked } = fakeClient(answers);
  let closed = 0;
  const close = () => Promise.resolve(void (closed += 1));
  const connection: Connection = { client, isShared: hearth === 'app', folder: '/', close };
  let opened = 0;
  const open = <T>(value: T): Promise<T> => {
    opened += value === null ? 0 : 1;
    return Promise.resolve(value);
  };
  const doors = {
    connect: () => open(connection),
    join: () => open(hearth === 'app' ? connection : null),
    look: () =>
      Promise.resolve<EngineStatus>({ ...engineStatus, owner: 'none', state: 'stopped', pid: null, host: null }),
    readLog: (lines: number) => Promise.resolve({ path: '/logs', lines: [`the last ${lines}`] }),
  };
  const stdout = Object.assign(new PassThrough(), { isTTY: isTerminal });
  const stderr = new PassThrough();
  const code = await engine(what, { doors, stdout, stderr, signal: stop.signal });
  expect(closed).toBe(opened);
  return { code, asked, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}
const answer = (value: unknown) => () => value;

describe('the status', () => {
  test('of the running Hearth', async () => {
    const status = { ...engineStatus, activity: [{ type: 'loading', model: 'tiny' }], needsRestart: true };
    const { code, stdout } = await run(
      { action: 'status', isJson: false },
      { answers: { 'engine.status': answer(status) } },
    );
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'Ollama 0.32.5 is ready at 127.0.0.1:35211 (process 1234).',
      'It is loading tiny.',
      expect.stringContaining('hearth engine restart'),
      '',
    ]);
  });

  test('without one is looked at', async () => {
    const { stdout } = await run({ action: 'status', isJson: false }, { hearth: 'none' });
    expect(stdout).toBe('Ollama is stopped. It would be /usr/bin/ollama.\n');
    const found = await run({ action: 'status', isJson: true }, { hearth: 'none' });
    expect(JSON.parse(found.stdout)).toMatchObject({ state: 'stopped', owner: 'none' });
  });

  test('of one that failed tells why and its last lines, harmless', async () => {
    const problem = errorInfo('engine_not_ours');
    const status = { ...engineStatus, owner: 'none', state: 'failed', problem, lastLines: ['\u001B[31mout of memory'] };
    const { stdout } = await run({ action: 'status', isJson: false }, { answers: { 'engine.status': answer(status) } });
    expect(stdout).toBe(`Ollama does not run.\n${problem.message}\n  [31mout of memory\n`);
  });
});

describe('stop, restart and kill', () => {
  test.each(['stop', 'restart', 'kill'] as const)('%s reaches the running Hearth', async (action) => {
    const status = { ...engineStatus, owner: 'none', state: 'stopped' };
    const { code, asked, stderr } = await run({ action }, { answers: { [`engine.${action}`]: answer(status) } });
    expect({ code, asked }).toEqual({ code: 0, asked: [`engine.${action}`] });
    expect(stderr).toContain('stopped');
  });

  test('without one there is nothing to end, and nothing is started for it', async () => {
    expect(await run({ action: 'stop' }, { hearth: 'none' })).toMatchObject({ code: 0, asked: [] });
    expect(await run({ action: 'restart' }, { hearth: 'none' })).toMatchObject({ code: 1, asked: [] });
  });

  test('a refusal is passed on', async () => {
    const refuse = () => Promise.reject(new HearthError('engine_not_ours'));
    await expect(run({ action: 'stop' }, { answers: { 'engine.stop': refuse } })).rejects.toMatchObject({
      code: 'engine_not_ours',
    });
  });
});

describe('start', () => {
  test('in the running Hearth is done when it answers', async () => {
    const { code, asked } = await run({ action: 'start' }, { answers: { 'engine.start': answer(engineStatus) } });
    expect({ code, asked }).toEqual({ code: 0, asked: ['engine.start'] });
  });

  test('on its own holds it until Ctrl C', async () => {
    const stop = new AbortController();
    const again: EngineStatus = {
      ...engineStatus,
      state: 'restarting',
      problem: errorInfo('engine_hung', { seconds: 9 }),
    };
    const answers = {
      'engine.start': answer(engineStatus),
      'engine.watch': saying([engineStatus, again, engineStatus], { onSaid: () => stop.abort() }),
    };
    const { code, stderr } = await run({ action: 'start' }, { answers, hearth: 'none', stop });
    expect(code).toBe(0);
    expect(stderr).toContain('Ctrl C ends it');
    expect(stderr).toContain('started again');
    expect(stderr.match(/is ready/g)).toHaveLength(2);
  });

  test('on its own ends with 1 when it fails for good, and with 0 when it is stopped', async () => {
    const ending = (change: Partial<EngineStatus>) => {
      const answers = {
        'engine.start': answer(engineStatus),
        'engine.watch': saying([{ ...engineStatus, ...change }, engineStatus]),
      };
      return run({ action: 'start' }, { hearth: 'none', answers });
    };
    expect((await ending({ state: 'failed' })).code).toBe(1);
    const stopped = await ending({ state: 'stopped', isHeld: true, pid: null });
    expect(stopped.code).toBe(0);
    expect(stopped.stderr).toMatch(/is stopped\.[^\n]*\n$/);
  });

  test('on its own goes on with the new process of a restart, told also when only that is seen', async () => {
    const stop = new AbortController();
    const states: EngineStatus[] = [
      { ...engineStatus, state: 'stopping', pid: null },
      { ...engineStatus, owner: 'none', state: 'stopped', pid: null },
      { ...engineStatus, pid: 1235 },
      { ...engineStatus, pid: 1236 },
    ];
    const answers = {
      'engine.start': answer(engineStatus),
      'engine.watch': saying(states, { onSaid: () => stop.abort() }),
    };
    const { code, stderr } = await run({ action: 'start' }, { answers, hearth: 'none', stop });
    expect(code).toBe(0);
    expect([...stderr.matchAll(/process (\d+)/g)].map(([, pid]) => pid)).toEqual(['1234', '1235', '1236']);
  });

  test('finds one that runs already and holds nothing', async () => {
    const other = { ...engineStatus, owner: 'other' };
    const { code, stderr } = await run(
      { action: 'start' },
      { hearth: 'none', answers: { 'engine.start': answer(other) } },
    );
    expect(code).toBe(0);
    expect(stderr).toContain('Hearth did not start it');
  });

  test('that fails says why', async () => {
    const fails = () => Promise.reject(new HearthError('ollama_not_installed'));
    await expect(run({ action: 'start' }, { answers: { 'engine.start': fails } })).rejects.toMatchObject({
      code: 'ollama_not_installed',
    });
  });
});

describe('the log', () => {
  const log = (lines: string[]) => ({ 'engine.log': answer({ path: '/logs', lines }) });

  test('of the running Hearth, as it is for a program, harmless for a terminal', async () => {
    const lines = ['one', '\u001B[31mtwo'];
    const what: EngineAction = { action: 'logs', lines: 2, isFollowing: false };
    expect((await run(what, { answers: log(lines) })).stdout).toBe('one\n\u001B[31mtwo\n');
    expect((await run(what, { answers: log(lines), isTerminal: true })).stdout).toBe('one\n[31mtwo\n');
  });

  test('followed until Ctrl C', async () => {
    const stop = new AbortController();
    const answers = {
      'engine.followLog': saying([{ lines: ['one'] }, { lines: ['two', 'three'] }], { onSaid: () => stop.abort() }),
    };
    const { code, stdout } = await run({ action: 'logs', lines: 1, isFollowing: true }, { answers, stop });
    expect({ code, stdout }).toEqual({ code: 130, stdout: 'one\ntwo\nthree\n' });
  });

  test('that has nothing says why, and leaves the output empty', async () => {
    const elsewhere = { ...engineStatus, owner: 'other' };
    for (const isFollowing of [false, true]) {
      const stop = new AbortController();
      const followed = saying([{ lines: [] }], { onSaid: () => stop.abort() });
      const answers = { ...log([]), 'engine.followLog': followed, 'engine.status': answer(elsewhere) };
      const found = await run({ action: 'logs', lines: 5, isFollowing }, { answers, stop });
      expect(found.stdout).toBe('');
      expect(found.stderr).toBe('Hearth did not start the Ollama that answers, so it has no log of it.\n');
    }
    const never = await run(
      { action: 'logs', lines: 5, isFollowing: false },
      { answers: { ...log([]), 'engine.status': answer({ ...engineStatus, owner: 'none', state: 'stopped' }) } },
    );
    expect(never.stderr).toContain('The log is empty');
  });

  test('without a running Hearth is read from the file', async () => {
    const found = await run({ action: 'logs', lines: 7, isFollowing: true }, { hearth: 'none' });
    expect(found).toMatchObject({ code: 0, stdout: 'the last 7\n' });
    expect(found.stderr).toContain('nothing more comes');
  });
});

describe('an installation', () => {
  const at = (change: Partial<InstallStatus>): InstallStatus => ({ ...installStatus, version: '0.32.5', ...change });
  const answers = (said: InstallStatus[], onSaid?: () => void) => ({
    'install.status': answer(installStatus),
    'install.start': answer(at({ state: 'looking' })),
    'install.watch': saying(said, onSaid && { onSaid }),
    'install.pause': answer(at({ state: 'paused' })),
  });
  const install: EngineAction = { action: 'install', release: 'pinned' };

  test('tells its size first, then how it goes', async () => {
    const said = [
      at({ state: 'downloading', receivedBytes: 7e8, totalBytes: 14e8, bytesPerSecond: 2e7, secondsLeft: 35 }),
      at({ state: 'unpacking', stepProgress: 0.5 }),
      at({ state: 'installed', installedVersion: '0.32.5' }),
    ];
    const { code, stderr } = await run(install, { answers: answers(said) });
    expect(code).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'Ollama 0.32.5, about 1.4 GB, from github.com.',
      'Downloading Ollama 0.32.5  50 %  700 MB of 1.4 GB  20.0 MB/s  35 s left',
      'Unpacking it  50 %',
      'Ollama 0.32.5 is installed for Hearth.',
    ]);
  });

  test('that fails says why', async () => {
    const problem = errorInfo('install_unsupported', { system: 'plan9' });
    const { code, stderr } = await run(install, { answers: answers([at({ state: 'failed', problem })]) });
    expect(code).toBe(1);
    expect(stderr).toContain(problem.message);
  });

  test.each([
    ['app', false, 'goes on'],
    ['none', true, 'Paused'],
  ] as const)('with Ctrl C, running in %s', async (hearth, isPaused, said) => {
    const stop = new AbortController();
    const scene = { hearth, stop, answers: answers([at({ state: 'downloading' })], () => stop.abort()) };
    const { code, asked, stderr } = await run(install, scene);
    expect(code).toBe(130);
    expect(asked.includes('install.pause')).toBe(isPaused);
    expect(stderr).toContain(said);
  });

  test('is removed only where there is one', async () => {
    expect(await run({ action: 'remove' }, { answers: answers([]) })).toMatchObject({
      code: 0,
      asked: ['install.status'],
    });
    const present = {
      'install.status': answer(at({ installedVersion: '0.32.5' })),
      'install.remove': answer(installStatus),
    };
    expect((await run({ action: 'remove' }, { answers: present })).stderr).toContain('0.32.5 is deleted');
  });
});
