import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { physicalCores, threadsFor } from '../../../src/main/backends/llamacpp/cores.ts';

test('a number in the settings is taken as it is; 0 leaves one core free, but never none', () => {
  expect(threadsFor(7, 2)).toBe(7);
  expect(threadsFor(0, 8)).toBe(7);
  expect(threadsFor(0, 2)).toBe(1);
  expect(threadsFor(0, 1)).toBe(1);
});

test('hyperthreads of one core count once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-cpu-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // As /sys/devices/system/cpu tells it of one core with two threads, beside what is no core.
  for (const name of ['cpu0', 'cpu1']) {
    mkdirSync(join(folder, name, 'topology'), { recursive: true });
    writeFileSync(join(folder, name, 'topology', 'thread_siblings_list'), '0-1\n');
  }
  mkdirSync(join(folder, 'cpufreq'));
  expect(physicalCores('linux', folder)).toBe(1);
});

test('where the system does not tell, the guess lies between one and what this process may use', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const cores = physicalCores(platform, '/nowhere');
    expect(cores).toBeGreaterThanOrEqual(1);
    expect(cores).toBeLessThanOrEqual(availableParallelism());
  }
});
