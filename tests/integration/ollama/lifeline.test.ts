// What is killed from outside takes everything with it, and nothing else.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAlive, killLeft, membersOfGroup, parentOf, untilGone } from '../../support/processes.ts';
import { standInReport } from '../../support/stand-in-ollama/index.ts';
import { type Bench, forever, openBench } from './setup.ts';

const PARENT = fileURLToPath(new URL('../../support/stand-in-ollama/parent.ts', import.meta.url));

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.end());

describe('when Hearth is killed', () => {
  it.each([
    // The grace is longer than the test waits: nothing may wait for its end without need.
    ['the server and its runner end', { runner: 'start' }, 60_000],
    ['so do those that ignore SIGTERM', { runner: 'start', ignoresSigterm: true }, 1_000],
  ] as const)('%s', async (_, behaviour, graceMs) => {
    await bench.behave(behaviour);
    const hearth = spawn(process.execPath, [PARENT, bench.folder, String(graceMs)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(hearth.stdout, 'data')) as [Buffer];
    const { other } = JSON.parse(line.toString()) as { other: number };
    const pids = bench.pids();
    const guardian = parentOf(pids[0] ?? 0);
    // The guardian, its watcher, the server and the runner.
    const group = membersOfGroup(guardian);
    try {
      expect(group).toHaveLength(4);
      expect(group).toEqual(expect.arrayContaining([...pids, guardian]));
      hearth.kill('SIGKILL');
      await once(hearth, 'exit');
      await vi.waitFor(() => expect(membersOfGroup(guardian)).toEqual([]), { timeout: 8_000 });
      // It would hold the lifeline open if it had got it.
      expect(isAlive(other)).toBe(true);
    } finally {
      killLeft([other, ...membersOfGroup(guardian)]);
    }
  });
});

describe('when the server dies', () => {
  it('says so with the signal, and ends the runner that it leaves', async () => {
    await bench.behave({ runner: 'start', ignoresSigterm: true });
    // Nothing waits for the end of the grace: it is longer than the test.
    const server = bench.server({ limits: { stopGraceMs: 60_000 } });
    await server.start(forever());
    const { server: pid, runner } = standInReport(bench.folder);
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(server.state().state).toBe('failed'), { timeout: 5_000 });
    expect(server.state()).toMatchObject({ reason: 'Ollama stopped by itself (signal SIGKILL).' });
    expect(server.state()).toMatchObject({ lastLines: { length: 20 } });
    await untilGone([pid, runner ?? 0]);

    await bench.behave({});
    const { host } = await server.start(forever());
    expect((await fetch(`http://${host}/`)).status).toBe(200);
  });

  it('says so when it crashes right after it was ready or before it answered', async () => {
    await bench.behave({ crash: true, runner: 'start' });
    const server = bench.server();
    // Which of the two it is depends on who is faster; both end in `failed`.
    await server
      .start(forever())
      .catch((error: unknown) => expect(error).toMatchObject({ code: 'ollama_start_failed' }));
    await vi.waitFor(() => expect(server.state()).toMatchObject({ state: 'failed' }), { timeout: 5_000 });
    expect(server.state()).toMatchObject({ reason: expect.stringContaining('signal SIGKILL') as string });
    await untilGone(bench.pids());
  });

  it('does so in the middle of an answer', async () => {
    await bench.behave({ dieAfterRecords: 2 });
    const server = bench.server();
    const { host } = await server.start(forever());
    const body = JSON.stringify({ model: 'tiny', messages: [{ role: 'user', content: 'Hi' }] });
    const asked = request(`http://${host}/api/chat`, { method: 'POST' }).end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    let received = '';
    response.on('data', (chunk: Buffer) => (received += chunk.toString()));
    // The cut connection is an error of the response; that it is not complete says the same below.
    response.on('error', () => null);
    await new Promise((resolve) => response.once('close', resolve));
    expect(response.complete).toBe(false);
    expect(received.trimEnd().split('\n')).toHaveLength(2);
    await vi.waitFor(() => expect(server.state().state).toBe('failed'), { timeout: 5_000 });
    await untilGone(bench.pids());
    expect(bench.pids()).toHaveLength(2);
  });

  it('is restarted only when somebody asks', async () => {
    await bench.behave({});
    const server = bench.server();
    await server.start(forever());
    const states: string[] = [];
    server.onChange(({ state }) => states.push(state));
    process.kill(standInReport(bench.folder).server, 'SIGTERM');
    await vi.waitFor(() => expect(server.state().state).toBe('failed'), { timeout: 5_000 });
    await server.stop();
    expect(states).toEqual(['failed', 'stopped']);
  });
});

describe('when the guardian is killed', () => {
  it('its watcher still ends the server and the runner', async () => {
    await bench.behave({ runner: 'start', ignoresSigterm: true });
    const server = bench.server();
    await server.start(forever());
    const pids = bench.pids();
    process.kill(parentOf(pids[0] ?? 0), 'SIGKILL');
    await untilGone(pids);
    await vi.waitFor(() => expect(server.state().state).toBe('failed'), { timeout: 5_000 });
  });
});
