// What a Hearth that crashed has left is found and ended by the next one; nothing else is.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAlive, killLeft, membersOfGroup, parentOf, untilGone } from '../../support/processes.ts';
import { standInReport } from '../../support/stand-in-ollama/index.ts';
import { type RunRecord } from '../../../src/main/ollama/server/pid-file.ts';
import { startedAt } from '../../../src/main/ollama/server/processes.ts';
import { type Bench, forever, openBench } from './setup.ts';

const PARENT = fileURLToPath(new URL('../../support/stand-in-ollama/parent.ts', import.meta.url));

let bench: Bench;
let left: number[];
beforeEach(() => {
  bench = openBench();
  left = [];
});
afterEach(async () => {
  killLeft(left);
  await bench.end();
});

const pidFile = () => path.join(bench.folder, 'ollama.pid');
const record = () => JSON.parse(readFileSync(pidFile(), 'utf8')) as RunRecord;

/** Another Hearth with its server; everything of it is ended with the test. */
async function otherHearth(): Promise<{ hearth: ChildProcess; group: number }> {
  const hearth = spawn(process.execPath, [PARENT, bench.folder, '60000'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(hearth.stdout ?? hearth, 'data');
  const group = parentOf(standInReport(bench.folder).server);
  left.push(hearth.pid ?? 0, ...membersOfGroup(group));
  return { hearth, group };
}

/** Kills Hearth and all of the group but these, in an order in which nobody can react. */
async function crash({ hearth, group }: { hearth: ChildProcess; group: number }, survivors: number[]): Promise<void> {
  hearth.kill('SIGSTOP');
  const [, ...others] = membersOfGroup(group);
  for (const pid of [group, ...others]) if (!survivors.includes(pid)) process.kill(pid, 'SIGKILL');
  const exit = once(hearth, 'exit');
  hearth.kill('SIGKILL');
  await exit;
}

describe('the pid file', () => {
  it('names what runs and is gone after a clean end', async () => {
    await bench.behave({});
    const server = bench.server();
    await server.start(forever());
    const { server: pid } = standInReport(bench.folder);
    await vi.waitFor(() => expect(record().server?.pid).toBe(pid));
    expect(record()).toMatchObject({
      program: path.join(bench.folder, 'ollama'),
      hearth: { pid: process.pid, startedAt: startedAt(process.pid, 'linux') },
      group: { pid: parentOf(pid), startedAt: startedAt(parentOf(pid), 'linux') },
      server: { pid, startedAt: startedAt(pid, 'linux') },
    });
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toContain(`HEARTH_ENGINE_RUN=${record().mark}`);
    await server.stop();
    expect(existsSync(pidFile())).toBe(false);
  });

  it('follows a server that is started again', async () => {
    await bench.behave({});
    const server = bench.server({ limits: { backoffMs: [1] } });
    await server.start(forever());
    process.kill(standInReport(bench.folder).server, 'SIGKILL');
    await vi.waitFor(() => expect(record().server?.pid).toBe(standInReport(bench.folder).server), { timeout: 5_000 });
    await vi.waitFor(() => expect(server.state().state).toBe('ready'), { timeout: 5_000 });
  });
});

describe('after a crash', () => {
  it.each([
    ['the server and its runner that were left are ended', (all: number[]) => all],
    ['a runner that was left alone is ended', (all: number[]) => all.slice(1)],
  ])('%s before a new one starts', async (_, survivorsOf) => {
    await bench.behave({ runner: 'start' });
    const other = await otherHearth();
    const { server: pid, runner } = standInReport(bench.folder);
    const survivors = survivorsOf([pid, runner ?? 0]);
    await crash(other, survivors);
    expect(survivors.map(isAlive)).toEqual(survivors.map(() => true));
    expect(record().group?.pid).toBe(other.group);

    const server = bench.server();
    await server.start(forever());
    expect(survivors.filter(isAlive)).toEqual([]);
    expect(record().hearth.pid).toBe(process.pid);
  });

  it('those that ignore SIGTERM are ended too, without anybody asking for a server', async () => {
    await bench.behave({ runner: 'start', ignoresSigterm: true });
    const other = await otherHearth();
    const survivors = bench.pids();
    await crash(other, survivors);
    bench.server();
    await untilGone(survivors);
    await vi.waitFor(() => expect(existsSync(pidFile())).toBe(false));
  });
});

describe('never ended is', () => {
  /** A process in a group of its own, as somebody else may have started it. */
  async function stranger(env: NodeJS.ProcessEnv = {}): Promise<number> {
    const script = 'process.on("SIGTERM", () => process.exit(3)); console.log("up"); setTimeout(() => {}, 60_000)';
    const child = spawn(process.execPath, ['-e', script], { detached: true, env, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    left.push(child.pid ?? 0);
    return child.pid ?? 0;
  }
  async function deadPid(): Promise<number> {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    return child.pid ?? 0;
  }
  /** What a Hearth that has crashed noted, when the numbers of its processes belong to this one by now. */
  async function note(pid: number, at: number | null): Promise<void> {
    const id = { pid, startedAt: at };
    const stale: RunRecord = {
      mark: 'of-a-run-long-ago',
      program: '/usr/bin/ollama',
      startedAtMs: 0,
      hearth: { pid: await deadPid(), startedAt: 1 },
      group: id,
      server: id,
    };
    writeFileSync(pidFile(), JSON.stringify(stale));
  }

  it('a process that has got the number since', async () => {
    const pid = await stranger();
    await note(pid, (startedAt(pid, 'linux') ?? 0) - 1);
    await bench.behave({});
    await bench.server().start(forever());
    expect(isAlive(pid)).toBe(true);
    expect(record().hearth.pid).toBe(process.pid);
  });

  it('one that began at the same time but does not carry the mark', async () => {
    const pid = await stranger();
    await note(pid, startedAt(pid, 'linux'));
    bench.server();
    await vi.waitFor(() => expect(existsSync(pidFile())).toBe(false), { timeout: 5_000 });
    expect(isAlive(pid)).toBe(true);
  });

  it('anything, when the file is no file of Hearth’s', async () => {
    writeFileSync(pidFile(), '4711\n');
    bench.server();
    await vi.waitFor(() => expect(existsSync(pidFile())).toBe(false), { timeout: 5_000 });
  });

  it('the server of a second Hearth that uses the same folder and lives', async () => {
    await bench.behave({ runner: 'start' });
    const { hearth } = await otherHearth();
    const theirs = bench.pids();
    const server = bench.server();
    await server.start(forever());
    const second = path.join(bench.folder, `ollama.${process.pid}.pid`);
    expect(record().hearth.pid).toBe(hearth.pid);
    expect(JSON.parse(readFileSync(second, 'utf8'))).toMatchObject({ hearth: { pid: process.pid } });
    await server.stop();
    expect(existsSync(second)).toBe(false);
    expect(theirs.map(isAlive)).toEqual([true, true]);
  });
});
