// What a GGUF file's header tells, and that no file, however made, does more than end in a sentence.
import { truncate } from 'node:fs/promises';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { HearthError } from '../../../src/main/errors/index.ts';
import { parametersText } from '../../../src/main/models/gguf/facts.ts';
import { readGguf } from '../../../src/main/models/gguf/read.ts';
import { llamaValues, type MadeGguf, type MadeValue, makeGguf, u32, u64 } from '../../support/make-gguf.ts';

const TINY = path.resolve(import.meta.dirname, '../../fixtures/tiny.gguf');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-gguf-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const read = (file: string) => readGguf(file, never);

async function readBytes(bytes: Buffer) {
  const file = path.join(folder, 'made.gguf');
  await writeFile(file, bytes);
  return read(file);
}
const readMade = (made: MadeGguf) => readBytes(makeGguf(made));

describe('what a file tells', () => {
  test('a real one', async () => {
    expect(await read(TINY)).toEqual({
      sizeBytes: 465_120,
      architecture: 'llama',
      name: 'tiny-random',
      parameters: '114K',
      parameterCount: 114_368,
      quantization: 'F32',
      contextLength: 2_048,
      layers: 2,
      kvHeads: 2,
      headSize: 16,
      isProjector: false,
      isAdapter: false,
      isEmbedding: false,
      hasTemplate: true,
      hasWeights: true,
      splitPart: null,
    });
  });

  test('a vocabulary of 200,000 words lies between the values that count', async () => {
    const words = Array.from({ length: 200_000 }, (_, index) => `word${index}`);
    const values: [string, MadeValue][] = [
      ['tokenizer.ggml.tokens', { type: 'texts', value: words }],
      ...llamaValues(),
    ];
    expect(await readMade({ values })).toMatchObject({
      architecture: 'llama',
      quantization: 'Q4_K_M',
      contextLength: 131_072,
      layers: 28,
      kvHeads: 8,
      headSize: 128,
    });
  });

  test('heads that differ from layer to layer are told by their mean, and a head size of its own counts', async () => {
    const values = llamaValues({
      'llama.attention.head_count_kv': { type: 'u32s', value: [4, 2, 0, 2] },
      'llama.attention.key_length': { type: 'u32', value: 192 },
      'llama.attention.value_length': { type: 'u32', value: 128 },
    });
    expect(await readMade({ values })).toMatchObject({ kvHeads: 2, headSize: 160 });
  });

  test('a model that keeps a cache in every fourth layer counts a fourth of it', async () => {
    const values = llamaValues({ 'llama.full_attention_interval': { type: 'u32', value: 4 } });
    expect(await readMade({ values })).toMatchObject({ layers: 28, kvHeads: 2 });
  });

  test('without grouped heads all of them are cached', async () => {
    const values = llamaValues().filter(([key]) => !key.endsWith('head_count_kv'));
    expect(await readMade({ values })).toMatchObject({ kvHeads: 24 });
  });

  test('one part of several, a projector and an adapter say so', async () => {
    const values = llamaValues({
      'split.no': { type: 'u32', value: 1 },
      'split.count': { type: 'u32', value: 3 },
      'general.size_label': { type: 'text', value: '70B' },
    });
    expect(await readMade({ values, tensors: [{ name: 'a', shape: [8] }] })).toMatchObject({
      splitPart: { number: 2, count: 3 },
      parameters: '70B',
      parameterCount: null,
    });
    const projector: [string, MadeValue][] = [['general.architecture', { type: 'text', value: 'clip' }]];
    expect(await readMade({ values: projector })).toMatchObject({ isProjector: true, layers: null, parameters: null });
    const adapter: [string, MadeValue][] = [['general.type', { type: 'text', value: 'adapter' }]];
    expect(await readMade({ values: adapter })).toMatchObject({ isAdapter: true });
  });

  test('a name cannot steer a terminal', async () => {
    const values = llamaValues({ 'general.name': { type: 'text', value: '\u001B]0;owned\u0007Nice\nmodel' } });
    expect((await readMade({ values })).name).toBe(']0;owned Nice model');
  });

  test.each([
    [999, '999'],
    [114_368, '114K'],
    [134_515_008, '134.52M'],
    [3_212_749_888, '3.2B'],
    [7_000_000_000, '7B'],
    [1_026_000_000_000, '1.0T'],
    [0, null],
  ])('%d parameters are written %s', (count, written) => {
    expect(parametersText(count)).toBe(written);
  });
});

describe('what is no model', () => {
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => 'taken',
      (error: HearthError) => [error.code, error.detail],
    );

  test.each<[string, MadeGguf, string]>([
    ['another magic', { magic: 'GGML' }, 'no_gguf'],
    ['version 1', { version: 1 }, 'old_version'],
    ['big-endian', { version: 0x03_00_00_00 }, 'big_endian'],
    ['more values than there are', { valueCount: 1_000n }, 'truncated'],
    ['an absurd number of values', { valueCount: 2n ** 63n }, 'absurd'],
    ['many values', { valueCount: 1_000_000n }, 'absurd'],
    ['more tensors than there are', { tensorCount: 2n ** 40n }, 'truncated'],
    [
      'a text of 4 GB',
      { values: [['general.name', { type: 'raw', value: Buffer.concat([u32(8), u64(2n ** 32n)]) }]] },
      'truncated',
    ],
    [
      'a text longer than any number',
      { values: [['x', { type: 'raw', value: Buffer.concat([u32(8), u64(2n ** 64n - 1n)]) }]] },
      'absurd',
    ],
    [
      'a list of 2^50 bytes',
      { values: [['x', { type: 'raw', value: Buffer.concat([u32(9), u32(0), u64(2n ** 50n)]) }]] },
      'truncated',
    ],
    [
      'a list of 2^50 texts',
      { values: [['x', { type: 'raw', value: Buffer.concat([u32(9), u32(8), u64(2n ** 50n)]) }]] },
      'truncated',
    ],
    ['a value of no known type', { values: [['x', { type: 'raw', value: u32(99) }]] }, 'absurd'],
    [
      'a tensor of 2^62 numbers',
      { tensors: [{ name: 'a', shape: [2n ** 31n, 2n ** 31n], bytes: 0 }] },
      'weights_missing',
    ],
    ['a tensor of 99 dimensions', { tensors: [{ name: 'a', shape: Array.from({ length: 99 }, () => 1) }] }, 'absurd'],
    ['weights that are cut off', { tensors: [{ name: 'a', shape: [1000], bytes: 2_000 }] }, 'weights_missing'],
  ])('%s', async (_name, made, reason) => {
    expect(await refused(readMade(made))).toEqual(['file_not_a_model', reason]);
  });

  test('lists in lists in lists', async () => {
    const nested = Buffer.concat(Array.from({ length: 50 }, () => Buffer.concat([u32(9), u64(1n)])));
    const made = { values: [['x', { type: 'raw', value: Buffer.concat([u32(9), nested]) }]] } as const;
    expect(await refused(readMade(made))).toEqual(['file_not_a_model', 'absurd']);
  });

  test('an empty file, a folder, something else', async () => {
    expect(await refused(readBytes(Buffer.alloc(0)))).toEqual(['file_not_a_model', 'no_gguf']);
    expect(await refused(read(folder))).toEqual(['file_not_a_model', 'no_file']);
    expect(await refused(read(import.meta.filename))).toEqual(['file_not_a_model', 'no_gguf']);
  });

  test('a file whose header would be gigabytes is left after a bounded part of it', async () => {
    const list = Buffer.concat([u32(9), u32(0), u64(2n ** 33n)]);
    const file = path.join(folder, 'huge.gguf');
    await writeFile(file, makeGguf({ values: [['x', { type: 'raw', value: list }]] }));
    // Sparse: it takes no room on the disk.
    await truncate(file, 2 ** 34);
    expect(await refused(read(file))).toEqual(['file_not_a_model', 'absurd']);
    await rm(file);
  });

  test('one that is not there, or goes round in a circle, is unreadable', async () => {
    expect((await refused(read(path.join(folder, 'gone.gguf'))))[0]).toBe('file_unreadable');
    const loop = path.join(folder, 'loop.gguf');
    await symlink(loop, loop);
    expect((await refused(read(loop)))[0]).toBe('file_unreadable');
  });

  test('cut anywhere, the real file is told apart from a whole one', async () => {
    const whole = await readFile(TINY);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 64 }), async (length) => {
        const [code] = await refused(readBytes(whole.subarray(0, length)));
        expect(code).toBe('file_not_a_model');
      }),
      { numRuns: 60 },
    );
  });

  test('whatever stands in its header, it is read or refused', async () => {
    const whole = await readFile(TINY);
    const change = fc.record({ at: fc.integer({ min: 4, max: 9_000 }), byte: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const { at, byte } of changes) bytes[at] = byte;
        const outcome = await readBytes(bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'file_not_a_model' });
      }),
      { numRuns: 150 },
    );
  });
});

test('an abort ends it with its reason', async () => {
  const reason = new Error('enough');
  await expect(readGguf(TINY, AbortSignal.abort(reason))).rejects.toBe(reason);
});
