// The way of Windows, as far as another system can show it: no guardian, and `taskkill` for the whole tree.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isAlive, killLeft, untilGone } from '../../support/processes.ts';
import { standInReport } from '../../support/stand-in-ollama/index.ts';
import { type Bench, forever, openBench } from './setup.ts';

let bench: Bench;
beforeEach(() => {
  bench = openBench();
});
afterEach(() => bench.end());

/** Stands in for a program of Windows; found on the PATH of the bench. */
function script(name: string, line: string): void {
  writeFileSync(path.join(bench.folder, name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${line}\n`, { mode: 0o755 });
}

it('ends the tree with taskkill', async () => {
  const program = await bench.behave({ runner: 'never' });
  const asked = path.join(bench.folder, 'asked');
  script('taskkill', `echo "$*" > '${asked}'; kill -9 "$2"`);
  const server = bench.server({ platform: 'win32', env: { PATH: bench.folder, HEARTH_OLLAMA: program } });
  await server.start(forever());
  const { server: pid } = standInReport(bench.folder);
  expect(server.state()).toMatchObject({ state: 'ready', pid });
  await server.stop();
  await untilGone([pid]);
  expect(readFileSync(asked, 'utf8')).toBe(`/pid ${pid} /T /F\n`);
});

it('ends what a Hearth before this one has left, when number and start are right', async () => {
  const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
  const pid = stranger.pid ?? 0;
  const asked = path.join(bench.folder, 'asked');
  script('taskkill', `echo "$*" >> '${asked}'; kill -9 "$2"`);
  script('powershell', `echo "4 1000"; echo "${pid} 1763719200000"`);
  const pidPath = path.join(bench.folder, 'ollama.pid');
  const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(dead, 'exit');
  const note = (startedAt: number): void => {
    const hearth = { pid: dead.pid, startedAt: 1 };
    const record = { mark: 'of-a-crash', program: 'ollama.exe', startedAtMs: 0, hearth, group: null };
    writeFileSync(pidPath, JSON.stringify({ ...record, server: { pid, startedAt } }));
  };
  try {
    note(1_763_719_200_000 - 60_000);
    bench.server({ platform: 'win32' });
    await vi.waitFor(() => expect(existsSync(pidPath)).toBe(false), { timeout: 5_000 });
    expect(isAlive(pid)).toBe(true);

    note(1_763_719_200_000 - 900);
    bench.server({ platform: 'win32' });
    await vi.waitFor(() => expect(existsSync(pidPath)).toBe(false), { timeout: 5_000 });
    await untilGone([pid]);
    expect(readFileSync(asked, 'utf8')).toBe(`/pid ${pid} /T /F\n`);
  } finally {
    killLeft([pid]);
  }
});

it('hears of the end of a server whose runner stays, and signals nobody by a number that is free again', async () => {
  const program = await bench.behave({ runner: 'start' });
  const asked = path.join(bench.folder, 'asked');
  script('taskkill', `echo "$*" >> '${asked}'`);
  const server = bench.server({
    platform: 'win32',
    env: { PATH: bench.folder, HEARTH_OLLAMA: program },
    limits: { backoffMs: [60_000] },
  });
  await server.start(forever());
  process.kill(standInReport(bench.folder).server, 'SIGKILL');
  await vi.waitFor(() => expect(server.state().state).toBe('restarting'), { timeout: 8_000 });
  await server.stop();
  expect(existsSync(asked)).toBe(false);
});

it('ends the server itself when taskkill is not there', async () => {
  const program = await bench.behave({ runner: 'never' });
  const server = bench.server({ platform: 'win32', env: { PATH: bench.folder, HEARTH_OLLAMA: program } });
  await server.start(forever());
  await server.stop();
  await untilGone(bench.pids());
});

it('says why nothing was started', async () => {
  const program = path.join(bench.folder, 'ollama.exe');
  writeFileSync(program, '#!/no/such/interpreter\n', { mode: 0o755 });
  const server = bench.server({ platform: 'win32', env: { PATH: bench.folder, HEARTH_OLLAMA: program } });
  await expect(server.start(forever())).rejects.toThrow(`the system did not start ${program} (ENOENT)`);
  expect(server.state().state).toBe('failed');
});
