import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { findMlx } from '../../../src/main/backends/mlx/find.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'hearth-mlx-find-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
});

function put(folder: string, mode = 0o755): string {
  const file = path.join(home, folder, 'mlx_lm.server');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, '#!/bin/sh\n', { mode });
  return file;
}

const find = (env: NodeJS.ProcessEnv = {}, chosen: string | null = null) =>
  findMlx({ chosen, env: { HOME: home, ...env } });

test.each([
  ['where uv and pipx put their programs', '.local/bin'],
  ['in uv’s folder of tools', '.local/share/uv/tools/mlx-lm/bin'],
  ['in pipx’s folder of tools', '.local/share/pipx/venvs/mlx-lm/bin'],
  ['in the folder of an older pipx', '.local/pipx/venvs/mlx-lm/bin'],
])('it is found %s', (_, folder) => {
  expect(find()).toMatchObject({ reason: expect.stringContaining('uv tool install mlx-lm') });
  const program = put(folder);
  expect(find()).toEqual({ program });
});

test('PATH comes first, then what variables name, then the usual folders', () => {
  const usual = put('.local/bin');
  expect(find({ PATH: `${home}/empty::relative` })).toEqual({ program: usual });
  const tool = put('tools/mlx-lm/bin');
  expect(find({ UV_TOOL_DIR: path.join(home, 'tools') })).toEqual({ program: tool });
  const named = put('uv-bin');
  expect(find({ UV_TOOL_BIN_DIR: path.join(home, 'uv-bin') })).toEqual({ program: named });
  const onPath = put('venv/bin');
  const env = { PATH: `${home}/empty:${home}/venv/bin`, UV_TOOL_BIN_DIR: path.join(home, 'uv-bin') };
  expect(find(env)).toEqual({ program: onPath });
});

test('what may not be run is passed over, as is a program of the current folder', () => {
  put('locked', 0o644);
  put('.local/bin');
  expect(find({ PATH: path.join(home, 'locked') })).toEqual({ program: path.join(home, '.local/bin/mlx_lm.server') });
  expect(findMlx({ chosen: null, env: { PATH: '.:bin' } })).toHaveProperty('reason');
});

test('the program of the settings is that one or none, with what is wrong with it', () => {
  put('.local/bin');
  const mine = put('mine');
  expect(find({}, mine)).toEqual({ program: mine });
  expect(find({}, path.join(home, 'gone'))).toEqual({
    reason: `there is no file at ${home}/gone. Correct the program in Settings, Advanced, or leave it empty.`,
  });
  expect(find({}, home)).toMatchObject({ reason: expect.stringContaining('is not a program file') });
  expect(find({}, put('locked', 0o644))).toMatchObject({ reason: expect.stringContaining('may not be run') });
});
