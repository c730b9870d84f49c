import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exists, isSame, listProcesses, ownStart, startedAt } from '../../../src/main/ollama/server/processes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-processes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(process.platform !== 'linux')('finds this process on Linux, with the start that was noted', async () => {
  const noted = { pid: process.pid, startedAt: startedAt(process.pid, 'linux') };
  const found = (await listProcesses('no-mark', 'linux', {})).find(({ pid }) => pid === process.pid);
  if (found === undefined) throw new Error('not found');
  expect(found.isMarked).toBe(false);
  expect(isSame(noted, found, 'linux')).toBe(true);
  expect(isSame({ ...noted, startedAt: (noted.startedAt ?? 0) + 1 }, found, 'linux')).toBe(false);
  expect(isSame({ ...noted, startedAt: null }, found, 'linux')).toBe(false);
  expect(ownStart('linux')).toBe(noted.startedAt);
});

describe('on macOS', () => {
  it('reads what ps prints: number, group, start, and the mark in the environment', async () => {
    const printed = [
      '    1     1 Fri Nov 21 08:00:00 2026 /sbin/launchd',
      '  811   810 Sat Nov  1 09:55:07 2026 /opt/ollama serve HOME=/Users/ann HEARTH_ENGINE_RUN=abc-123 X=1',
      'no line of ps',
    ].join('\n');
    writeFileSync(path.join(folder, 'ps'), `#!/bin/sh\n/bin/cat <<'END'\n${printed}\nEND\n`, { mode: 0o755 });
    expect(await listProcesses('abc-123', 'darwin', { PATH: folder })).toEqual([
      { pid: 1, group: 1, startedAt: Date.UTC(2026, 10, 21, 8), isMarked: null },
      { pid: 811, group: 810, startedAt: Date.UTC(2026, 10, 1, 9, 55, 7), isMarked: true },
    ]);
  });

  it('forgives that a start was noted by the clock, within two seconds', () => {
    const running = { pid: 5, group: 5, startedAt: 10_000, isMarked: null };
    expect(isSame({ pid: 5, startedAt: 11_400 }, running, 'darwin')).toBe(true);
    expect(isSame({ pid: 5, startedAt: 12_001 }, running, 'darwin')).toBe(false);
    expect(isSame({ pid: 6, startedAt: 10_000 }, running, 'darwin')).toBe(false);
  });

  it('rejects when the system does not tell', async () => {
    await expect(listProcesses('abc', 'darwin', { PATH: folder })).rejects.toThrow('ENOENT');
  });
});

it('knows whether there is a process at all', () => {
  expect(exists(process.pid)).toBe(true);
  expect(exists(1)).toBe(true);
  expect(exists(2 ** 22 + 1)).toBe(false);
});
