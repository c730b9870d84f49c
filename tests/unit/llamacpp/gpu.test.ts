import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { gpuPackages, gpuTries, isInstalledAt } from '../../../src/main/backends/llamacpp/gpu.ts';
import { firstThatStarts } from '../../../src/main/backends/llamacpp/library.ts';

const tries = (platform: NodeJS.Platform, arch: string, gpuLayers: number | null, installed: readonly string[] = []) =>
  gpuTries({ platform, arch, gpuLayers, isInstalled: (name) => installed.includes(name) });

test('a card is looked for where one of its packages is, and only if layers may go there', () => {
  for (const [platform, name] of [
    ['linux', 'linux'],
    ['win32', 'win'],
  ] as const)
    for (const card of ['cuda', 'cuda-ext', 'vulkan']) {
      const installed = [`@node-llama-cpp/${name}-x64-${card}`];
      expect(tries(platform, 'x64', null, installed)).toEqual(['auto', false]);
      expect(tries(platform, 'x64', 12, installed)).toEqual(['auto', false]);
      expect(tries(platform, 'x64', 0, installed)).toEqual([false]);
    }
  expect(tries('linux', 'x64', null, ['@node-llama-cpp/linux-x64'])).toEqual([false]);
  expect(tries('linux', 'arm64', null, ['@node-llama-cpp/linux-x64-cuda'])).toEqual([false]);
  expect(tries('darwin', 'x64', null)).toEqual([false]);
});

test('on Apple Silicon the build with Metal is taken in any case: there is no other', () => {
  expect(tries('darwin', 'arm64', null)).toEqual(['metal', false]);
  expect(tries('darwin', 'arm64', 0)).toEqual(['metal', false]);
});

test('the names of the packages are those of the library’s own list', async () => {
  const { default: library } = await import('../../../node_modules/node-llama-cpp/package.json', {
    with: { type: 'json' },
  });
  const known = Object.keys(library.optionalDependencies);
  for (const platform of ['linux', 'win32'] as const)
    expect(known).toEqual(expect.arrayContaining(gpuPackages(platform, 'x64')));
});

test('a package is found as Node finds it, from a folder below', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'hearth-gpu-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const folder = path.join(root, 'node_modules', '@node-llama-cpp', 'linux-x64-cuda');
  mkdirSync(folder, { recursive: true });
  expect(isInstalledAt(path.join(root, 'out', 'main'), '@node-llama-cpp/linux-x64-cuda')).toBe(false);
  writeFileSync(path.join(folder, 'package.json'), '{}');
  expect(isInstalledAt(path.join(root, 'out', 'main'), '@node-llama-cpp/linux-x64-cuda')).toBe(true);
  expect(isInstalledAt(root, '@node-llama-cpp/linux-x64-vulkan')).toBe(false);
});

test('a card that can’t be used is told in the log, and the processor takes over', async () => {
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => told.mockRestore());
  const begin = (gpu: unknown) => (gpu === false ? Promise.resolve('cpu') : Promise.reject(new Error('no driver')));
  expect(await firstThatStarts(['auto', false], begin)).toBe('cpu');
  expect(told).toHaveBeenCalledExactlyOnceWith("llama.cpp can't use the graphics card (auto): Error: no driver");
});

test('when not even the processor works the engine is not available', async () => {
  const fails = () => Promise.reject(new Error('no AVX'));
  await expect(firstThatStarts([false], fails)).rejects.toMatchObject({
    failure: { code: 'engine_unavailable', detail: 'Error: no AVX' },
  });
});
