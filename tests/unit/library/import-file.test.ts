// What an import that fails leaves behind when something else is at work.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readGguf } from '../../../src/main/models/gguf/read.ts';
import { importFile, type ImportOptions } from '../../../src/main/models/library/import-file.ts';
import { memorySettings } from '../../support/memory-settings.ts';
import { temporaryFolder } from '../../support/storage.ts';

const tinyGguf = fileURLToPath(new URL('../../fixtures/tiny.gguf', import.meta.url));

test.each([
  ['goes when nothing else is at work', true],
  ['stays when another import may be about to use it', false],
])('an upload that no model came of %s', async (_name, isAlone) => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'blobs'));
  let blob = '';
  const manager = {
    hasBlob: () => Promise.resolve(false),
    uploadBlob({ digest }: { digest: string }) {
      blob = path.join(folder, 'blobs', digest.replace(':', '-'));
      writeFileSync(blob, 'weights');
      return Promise.resolve();
    },
    create: () => Promise.reject(new Error('unsupported')),
  };
  const place = { client: { list: () => Promise.resolve([]) } };
  const opened = { place, manager } as unknown as Awaited<ReturnType<ImportOptions['open']>>;
  const options: ImportOptions = {
    readGguf,
    settings: memorySettings(),
    open: () => Promise.resolve(opened),
    folder: () => folder,
    isAlone: () => isAlone,
    end: new AbortController().signal,
  };
  const progress = { signal: new AbortController().signal, step() {}, done() {} };
  const work = importFile({ path: tinyGguf, engine: 'ollama', name: 'mine' }, options, progress);
  await expect(work).rejects.toMatchObject({ code: 'work_failed' });
  expect(existsSync(blob)).toBe(!isAlone);
});
