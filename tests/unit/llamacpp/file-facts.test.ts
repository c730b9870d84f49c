// What is read of model files, and how often.
import { expect, it } from 'vitest';
import { createFileFacts } from '../../../src/main/backends/llamacpp/file-facts.ts';
import { readModelFile } from '../../../src/main/backends/llamacpp/model-files.ts';
import { readGguf } from '../../../src/main/models/index.ts';

const TINY = new URL('../../fixtures/tiny.gguf', import.meta.url).pathname;

it('a file is read once, and anew when it was written anew', async () => {
  let reads = 0;
  const facts = createFileFacts((path, signal) => {
    reads += 1;
    return readGguf(path, signal);
  });
  const file = await readModelFile(TINY);
  expect(await facts.info(file)).toEqual({
    name: 'tiny',
    sizeBytes: file.sizeBytes,
    family: 'llama',
    parameters: '114K',
    quantization: 'F32',
  });
  await facts.of(file);
  expect(reads).toBe(1);
  await facts.of({ ...file, modifiedAtMs: file.modifiedAtMs + 1 });
  expect(reads).toBe(2);
});

it('a file that can’t be read has a name and a size', async () => {
  const file = { path: '/nowhere/x.gguf', name: 'x', sizeBytes: 1, modifiedAtMs: 0 };
  expect(await createFileFacts().info(file)).toEqual({
    name: 'x',
    sizeBytes: 1,
    family: null,
    parameters: null,
    quantization: null,
  });
});
