import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  listModelFiles,
  modelName,
  pathOfModel,
  readModelFile,
} from '../../../src/main/backends/llamacpp/model-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-models-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the models of a folder come by name, without what can not answer by itself', async () => {
  const names = [
    'zeta.gguf',
    'Alpha.GGUF',
    'big-00001-of-00003.gguf',
    'big-00002-of-00003.gguf',
    'big-00012-of-00013.gguf',
    'mmproj-model.gguf',
    'a-model-mmproj-f16.gguf',
    'notes.txt',
  ];
  for (const name of names) writeFileSync(join(folder, name), 'GGUF');
  mkdirSync(join(folder, 'folder.gguf'));
  expect((await listModelFiles(folder)).map(({ name }) => name)).toEqual(['Alpha', 'big-00001-of-00003', 'zeta']);
  expect(await listModelFiles(join(folder, 'none'))).toEqual([]);
});

test('a file is what its first bytes say', async () => {
  const path = join(folder, 'x.gguf');
  writeFileSync(path, 'GGUF and more');
  expect(await readModelFile(path)).toMatchObject({ path, name: 'x', sizeBytes: 13 });
  for (const content of ['', 'GGU', 'ggml']) {
    writeFileSync(path, content);
    await expect(readModelFile(path)).rejects.toMatchObject({ code: 'model_file_invalid', params: { path } });
  }
  await expect(readModelFile(folder)).rejects.toMatchObject({ code: 'model_file_missing' });
});

test('a path is taken before a name in the folder, and what is nowhere stays a path', () => {
  writeFileSync(join(folder, 'mine.gguf'), 'GGUF');
  expect(pathOfModel('mine', folder)).toBe(join(folder, 'mine.gguf'));
  expect(pathOfModel('mine.gguf', folder)).toBe(join(folder, 'mine.gguf'));
  expect(pathOfModel('tests/fixtures/tiny.gguf', folder)).toBe(resolve('tests/fixtures/tiny.gguf'));
  expect(pathOfModel('gone.gguf', folder)).toBe(resolve('gone.gguf'));
  expect(modelName('/x/Some Model.Q4_K_M.gguf')).toBe('Some Model.Q4_K_M');
});
