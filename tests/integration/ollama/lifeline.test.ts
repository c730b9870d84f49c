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
    // As it is in earnest: a killed Hearth leaves less time than a stop.
    ['so do those that ignore SIGTERM', { runner: 'start', ignoresSigterm: true }, 5_000],
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
      await vi.waitFor(() => expect(membersOfGroup(guardian)).toEqual([]), { timeout: 3_000 });
      // It would hold the lifeline open if it had got it.
      expect(isAlive(other)).toBe(true);
    } finally {
      killLeft([other, ...membersOfGroup(guardian)]);
    }
  });
});

describe('when the server dies', () => {
  it('ends the runner that it leaves at once', async () => {
    await bench.behave({ runner: 'start', ignoresSigterm: true });
    // Nothing waits for the end of the grace: it is longer than the test.
    const server = bench.server({ limits: { stopGraceMs: 60_000 } });
    await server.start(forever());
    const { server: pid, runner } = standInReport(bench.folder);
    process.kill(pid, 'SIGKILL');
    await untilGone([pid, runner ?? 0]);
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
    await vi.waitFor(() => expect(server.state().state).toBe('restarting'), { timeout: 5_000 });
    await untilGone(bench.pids());
    expect(bench.pids()).toHaveLength(2);
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
    await vi.waitFor(() => expect(server.state().state).toBe('restarting'), { timeout: 5_000 });
  });
});
