import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test, vi } from 'vitest';
import type { GgufFacts } from '../../../src/main/models/gguf/interface.ts';
import { readGguf } from '../../../src/main/models/gguf/read.ts';
import { createBuiltinFiles } from '../../../src/main/models/library/builtin-files.ts';
import { temporaryFolder } from '../../support/storage.ts';

const tiny = fileURLToPath(new URL('../../fixtures/tiny.gguf', import.meta.url));
const signal = new AbortController().signal;

let home: string;
let folder: string;

beforeEach(() => {
  home = temporaryFolder();
  folder = path.join(home, 'models');
  mkdirSync(folder);
});

function put(name: string, at = folder): string {
  copyFileSync(tiny, path.join(at, name));
  return path.join(at, name);
}

/** Tells what a file is by its name. */
async function reading(file: string, ends: AbortSignal): Promise<GgufFacts> {
  const facts = await readGguf(file, ends);
  const part = /-(\d+)-of-(\d+)\.gguf$/.exec(file);
  return {
    ...facts,
    isProjector: file.includes('mmproj'),
    splitPart: part === null ? null : { number: Number(part[1]), count: Number(part[2]) },
  };
}

test('models are listed under the names that the engine knows them by; other files are not', async () => {
  put('b.gguf');
  put('A.GGUF');
  put('mmproj-b.gguf');
  put('model.bin');
  writeFileSync(path.join(folder, 'half.gguf'), 'GGUF');
  mkdirSync(path.join(folder, 'folder.gguf'));
  const files = await createBuiltinFiles({ folder, chosen: () => null, readGguf: reading }).list(signal);
  expect(files.map(({ model }) => model.name).toSorted()).toEqual(['A', 'b']);
  expect(files.every(({ isOurs }) => isOurs)).toBe(true);
});

test('a split model is one, with the size of all its parts', async () => {
  for (const number of [1, 2, 3]) put(`large-0000${number}-of-00003.gguf`);
  put('large-00001-of-00002.gguf');
  const files = await createBuiltinFiles({ folder, chosen: () => null, readGguf: reading }).list(signal);
  const sizes = files.map(({ parts, model, facts }) => [parts.length, model.sizeBytes / facts.sizeBytes]);
  expect(sizes).toHaveLength(2);
  expect(sizes).toContainEqual([1, 1]);
  expect(sizes).toContainEqual([3, 3]);
});

test('a chosen file elsewhere is listed as the user’s, and once when it lies in the folder', async () => {
  const other = put('same.gguf', home);
  const own = put('same.gguf');
  let chosen = other;
  const files = createBuiltinFiles({ folder, chosen: () => chosen, readGguf });
  expect((await files.list(signal)).map(({ model, isOurs }) => [model.name, isOurs])).toEqual([
    ['same', true],
    [other, false],
  ]);
  chosen = own;
  expect((await files.list(signal)).map(({ model, isOurs }) => [model.name, isOurs])).toEqual([['same', true]]);
  chosen = path.join(home, 'gone.gguf');
  expect(await files.list(signal)).toHaveLength(1);
});

test('a file is read once, and again when it has changed', async () => {
  const file = put('a.gguf');
  const read = vi.fn(readGguf);
  const files = createBuiltinFiles({ folder, chosen: () => null, readGguf: read });
  await files.list(signal);
  await files.list(signal);
  expect(read).toHaveBeenCalledTimes(1);
  utimesSync(file, new Date(), new Date(Date.now() + 5_000));
  await files.list(signal);
  expect(read).toHaveBeenCalledTimes(2);
});

test('no folder at all holds no models', async () => {
  const files = createBuiltinFiles({ folder: path.join(home, 'none'), chosen: () => null, readGguf });
  expect(await files.list(signal)).toEqual([]);
});
