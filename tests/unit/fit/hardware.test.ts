// This computer: what its tools say, and what happens when they say nothing.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createHardware } from '../../../src/main/models/fit/hardware.ts';
import { parseNvidia, parseWindows, readGpus } from '../../../src/main/models/fit/gpus.ts';
import { macMemory, readMemory } from '../../../src/main/models/fit/memory.ts';
import { runProgram } from '../../../src/main/models/fit/run-program.ts';

const GIB = 2 ** 30;
const MIB = 2 ** 20;
const silent = () => Promise.resolve(null);
const cores = () => 4;
const memory = () => Promise.resolve({ totalBytes: 16 * GIB, availableBytes: 8 * GIB });
const gpus = () => Promise.resolve([]);

afterEach(() => void vi.useRealTimers());

describe('a measurement', () => {
  test('is shared for some seconds, then made anew', async () => {
    let nowMs = 0;
    const probe = { memory: vi.fn(memory), gpus };
    const hardware = createHardware({ cores, now: () => nowMs, probe });
    const [first, second] = await Promise.all([hardware(), hardware()]);
    expect(second).toBe(first);
    expect(first).toEqual({ memoryBytes: 16 * GIB, freeMemoryBytes: 8 * GIB, gpus: [], physicalCores: 4 });
    nowMs = 2_999;
    await hardware();
    expect(probe.memory).toHaveBeenCalledTimes(1);
    nowMs = 3_001;
    await hardware();
    expect(probe.memory).toHaveBeenCalledTimes(2);
  });

  test('that fails or hangs is replaced by what Node knows', async () => {
    vi.useFakeTimers();
    const hangs = () => new Promise<never>(() => {});
    const hardware = createHardware({ cores, probe: { memory: () => Promise.reject(new Error('no')), gpus: hangs } })();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await hardware).toMatchObject({ memoryBytes: os.totalmem(), gpus: [], physicalCores: 4 });
  });

  test('of this very computer is plausible', async () => {
    const { memoryBytes, freeMemoryBytes } = await createHardware({ cores })();
    expect(freeMemoryBytes).toBeGreaterThan(0);
    expect(freeMemoryBytes).toBeLessThanOrEqual(memoryBytes);
  });
});

describe('main memory', () => {
  const known = { totalBytes: 16 * GIB, availableBytes: GIB };

  test('of macOS counts what it would give up at once', () => {
    const said = `Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               10000.
Pages active:                            300000.
Pages inactive:                           20000.
Pages speculative:                         3000.
Pages throttled:                              0.
Pages wired down:                        100000.
Pages purgeable:                           4000.
`;
    expect(macMemory(said, known).availableBytes).toBe(37_000 * 16_384);
    expect(macMemory('nothing of the kind', known)).toBe(known);
  });

  test('is known without any tool', async () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect((await readMemory(platform, silent)).totalBytes).toBeGreaterThan(0);
    }
  });
});

describe('graphics cards', () => {
  test('of NVIDIA, several, with commas in their names', () => {
    expect(parseNvidia('NVIDIA GeForce RTX 4070, 12282, 11020\r\nTesla T4, 16 GB, 15360, 100\n')).toEqual([
      { name: 'NVIDIA GeForce RTX 4070', memoryBytes: 12_282 * MIB, freeBytes: 11_020 * MIB, isShared: false },
      { name: 'Tesla T4, 16 GB', memoryBytes: 15_360 * MIB, freeBytes: 100 * MIB, isShared: false },
    ]);
    expect(parseNvidia('NVIDIA-SMI has failed because it couldn’t communicate with the driver.')).toEqual([]);
    expect(parseNvidia('Orin (nvgpu), [N/A], [N/A]')).toEqual([]);
  });

  test('of Windows: own memory, shared memory, and none that is asked elsewhere', () => {
    const said = [
      'AMD Radeon RX 7800 XT|17163091968|Advanced Micro Devices, Inc.',
      'Intel(R) UHD Graphics 770|1073741824|Intel Corporation',
      'NVIDIA GeForce RTX 3060|12884901888|NVIDIA',
      'Microsoft Basic Display Adapter||Microsoft',
      '',
    ].join('\r\n');
    expect(parseWindows(said)).toEqual([
      { name: 'AMD Radeon RX 7800 XT', memoryBytes: 17_163_091_968, freeBytes: null, isShared: false },
      { name: 'Intel(R) UHD Graphics 770', memoryBytes: null, freeBytes: null, isShared: true },
    ]);
  });

  test('of Linux, from what its drivers show', async () => {
    const drmFolder = await mkdtemp(path.join(os.tmpdir(), 'hearth-drm-'));
    const show = async (card: string, files: Record<string, string>) => {
      for (const [name, content] of Object.entries(files)) {
        const file = path.join(drmFolder, card, 'device', name);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, `${content}\n`);
      }
    };
    try {
      await show('card0', { vendor: '0x1002', mem_info_vram_total: String(16 * GIB), mem_info_vram_used: String(GIB) });
      await show('card1', { vendor: '0x1002', mem_info_vram_total: String(512 * MIB), product_name: 'Renoir' });
      await show('card2', { vendor: '0x8086' });
      await show('card3', { vendor: '0x8086', 'tile0/physical_vram_size_bytes': String(12 * GIB) });
      await show('card4', { vendor: '0x10de' });
      await show('card0-DP-1', { status: 'connected' });
      expect(await readGpus({ platform: 'linux', arch: 'x64', run: silent, drmFolder })).toEqual([
        { name: 'AMD Radeon', memoryBytes: 16 * GIB, freeBytes: 15 * GIB, isShared: false },
        { name: 'Renoir', memoryBytes: null, freeBytes: null, isShared: true },
        { name: 'Intel Graphics', memoryBytes: null, freeBytes: null, isShared: true },
        { name: 'Intel Graphics', memoryBytes: 12 * GIB, freeBytes: null, isShared: false },
      ]);
    } finally {
      await rm(drmFolder, { recursive: true });
    }
  });

  test('of Apple share the main memory', async () => {
    const run = (_file: string, [, name]: readonly string[]) =>
      Promise.resolve(name === 'hw.memsize' ? `${16 * GIB}\n` : 'Apple M2\n');
    const [gpu] = await readGpus({ platform: 'darwin', arch: 'arm64', run });
    expect(gpu).toEqual({ name: 'Apple M2', memoryBytes: 16 * GIB, freeBytes: null, isShared: true });
    expect(await readGpus({ platform: 'darwin', arch: 'x64', run })).toEqual([]);
  });
});

test('a tool that is not there, fails or is there', async () => {
  expect(await runProgram('hearth-has-no-such-tool', [])).toBeNull();
  expect(await runProgram(process.execPath, ['-e', 'process.exit(1)'])).toBeNull();
  expect(await runProgram(process.execPath, ['-e', 'console.log("here")'])).toBe('here\n');
});

test('a tool runs in a folder of the system, not in the one that a terminal happens to be in', async () => {
  const folder = await runProgram(process.execPath, ['-p', 'process.cwd()']);
  expect(folder?.trim()).toBe(process.platform === 'win32' ? `${process.env.SystemRoot}\\System32` : '/');
});
