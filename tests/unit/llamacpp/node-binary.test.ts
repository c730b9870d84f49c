import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findNode } from '../../../src/main/backends/llamacpp/node-binary.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-node-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that says it is a Node of this version. */
function fakeNode(path: string, version: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho ${version}\n`);
  chmodSync(path, 0o755);
  return path;
}

const electron = { execPath: '/opt/electron', node: '20.18.1', isElectron: true };
const node24 = { execPath: '/usr/bin/node24', node: '24.9.0', isElectron: false };
const node18 = { execPath: '/usr/bin/node18', node: '18.20.0', isElectron: false };
const search = (self: typeof electron, env: Record<string, string> = {}) =>
  findNode({ appRoot: join(folder, 'app', 'out'), env: { PATH: '', ...env }, self });

test('the one that is named comes first, and when it is not usable nothing else is taken', async () => {
  const named = fakeNode(join(folder, 'mine'), 'v22.1.0');
  expect(await search(node24, { HEARTH_NODE: named })).toBe(named);
  for (const HEARTH_NODE of [join(folder, 'gone'), fakeNode(join(folder, 'old'), 'v18.0.0'), folder]) {
    await expect(search(node24, { HEARTH_NODE })).rejects.toMatchObject({
      code: 'engine_unavailable',
      params: { reason: expect.stringContaining(HEARTH_NODE) },
    });
  }
});

test('a Node of 20 or more runs the engine itself; Electron and older ones do not', async () => {
  expect(await search(node24)).toBe(node24.execPath);
  await expect(search(electron)).rejects.toMatchObject({ code: 'engine_unavailable' });
  await expect(search(node18)).rejects.toMatchObject({ code: 'engine_unavailable' });
});

test('the npm package of the installation comes before PATH, wherever above the program it lies', async () => {
  const onPath = fakeNode(join(folder, 'bin', 'node'), 'v21.0.0');
  const PATH = [join(folder, 'empty'), dirname(onPath)].join(delimiter);
  expect(await search(electron, { PATH })).toBe(onPath);
  const installed = fakeNode(join(folder, 'node_modules', 'node', 'bin', 'node'), 'v24.9.0');
  expect(await search(electron, { PATH })).toBe(installed);
});

test('on PATH the first that is new enough is taken', async () => {
  const old = fakeNode(join(folder, 'a', 'node'), 'v16.1.0');
  const mute = fakeNode(join(folder, 'b', 'node'), '');
  const good = fakeNode(join(folder, 'c', 'node'), 'v20.0.0');
  expect(await search(electron, { PATH: [old, mute, good].map(dirname).join(delimiter) })).toBe(good);
});
