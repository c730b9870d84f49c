// The shipped catalogue is true as far as a program can tell; of one from outside what is sound is taken.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CatalogueFile } from '../../../src/contract/models.ts';
import { checkCatalogue, readCatalogue } from '../../../src/main/models/catalogue/file.ts';

const shipped = await readFile(path.resolve(import.meta.dirname, '../../../resources/catalogue.json'), 'utf8');
const file = checkCatalogue(JSON.parse(shipped)) as CatalogueFile;
const variants = file.entries.flatMap((entry) => entry.variants.map((variant) => ({ ...variant, entry })));

/** Bits a parameter takes, with embeddings and eyes that are kept finer than the rest. */
const BITS: Record<string, [number, number]> = {
  Q4_0: [4.2, 6],
  Q4_K_M: [4.4, 7.2],
  MXFP4: [4.2, 6],
  Q8_0: [8, 11.5],
  F16: [15.5, 17],
};

describe('the shipped catalogue', () => {
  test('is sound, with about twenty models', () => {
    expect(file).not.toBeNull();
    expect(file.entries.length).toBeGreaterThanOrEqual(20);
    expect(file.entries.every(({ capabilities }) => capabilities.includes('completion'))).toBe(true);
  });

  test.each(variants)('$model weighs what its parameters weigh', ({ model, size, quantization, downloadBytes }) => {
    const [, number, unit] = /^(\d+(?:\.\d+)?)([BM])$/.exec(size) ?? [];
    // Gemma's E sizes count the parameters at work, not those on disk.
    if (number === undefined) return expect(size).toMatch(/^E\d+B$/);
    const bits = (downloadBytes * 8) / (Number(number) * (unit === 'B' ? 1e9 : 1e6));
    const [least, most] = BITS[quantization] ?? [0, 0];
    expect(bits, model).toBeGreaterThan(least);
    expect(bits, model).toBeLessThan(most);
  });

  test.each(variants)('$model has numbers of a real model', ({ layers, kvHeads, headSize, contextLength }) => {
    expect(layers).toBeLessThanOrEqual(128);
    expect(kvHeads).toBeLessThanOrEqual(64);
    expect([64, 128, 256, 512]).toContain(headSize);
    expect(contextLength).toBeGreaterThanOrEqual(8_192);
  });

  test('sizes of a model stand in order, and their names begin with its family', () => {
    for (const entry of file.entries) {
      const sizes = entry.variants.map(({ downloadBytes }) => downloadBytes);
      expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
      for (const { model } of entry.variants) expect(model).toMatch(/^[a-z0-9.-]+:[a-z0-9.-]+$/);
    }
  });

  test('languages are languages', () => {
    const codes = file.entries.flatMap(({ languages }) => languages);
    expect(codes.filter((code) => Intl.getCanonicalLocales(code)[0] !== code)).toEqual([]);
  });
});

describe('a catalogue is not sound', () => {
  const changed = (change: (copy: CatalogueFile) => void) => {
    const copy = structuredClone(file);
    change(copy);
    return checkCatalogue(copy);
  };

  test('unless nothing is wrong with it', () => {
    expect(changed(() => {})).not.toBeNull();
  });

  test.each<[string, (copy: CatalogueFile) => unknown]>([
    ['another format', (copy) => Object.assign(copy, { format: 2 })],
    ['no date', (copy) => Object.assign(copy, { updated: 'yesterday' })],
    ['no entries', (copy) => Object.assign(copy, { entries: [] })],
    ['an id twice', (copy) => copy.entries.push(copy.entries[0]!)],
    ['a model twice', (copy) => copy.entries.push({ ...copy.entries[0]!, id: 'another' })],
    ['a name that is an option', (copy) => Object.assign(copy.entries[0]!.variants[0]!, { model: '--insecure' })],
    ['a name that is a path', (copy) => Object.assign(copy.entries[0]!.variants[0]!, { model: '../../etc/passwd' })],
    ['a text that steers a terminal', (copy) => Object.assign(copy.entries[0]!, { name: '\u001B[2J' })],
    ['a negative size', (copy) => Object.assign(copy.entries[0]!.variants[0]!, { downloadBytes: -1 })],
    ['half a layer', (copy) => Object.assign(copy.entries[0]!.variants[0]!, { layers: 0.5 })],
    ['a novel', (copy) => Object.assign(copy.entries[0]!, { goodAt: 'x'.repeat(10_000) })],
    ['too many', (copy) => (copy.entries = Array.from({ length: 501 }, () => copy.entries[0]!))],
  ])('%s', (_name, change) => {
    expect(changed(change)).toBeNull();
  });

  test.each<[string, (copy: CatalogueFile) => unknown, { models: number; leftOut: number }]>([
    ['nothing wrong', () => {}, { models: 0, leftOut: 0 }],
    ['a null', (copy) => copy.entries.push(null as never), { models: 0, leftOut: 1 }],
    ['a word', (copy) => copy.entries.unshift('model' as never), { models: 0, leftOut: 1 }],
    ['an id twice', (copy) => copy.entries.push(copy.entries[0]!), { models: 0, leftOut: 1 }],
    [
      'a model twice',
      (copy) => copy.entries[1]!.variants.push(copy.entries[0]!.variants[0]!),
      { models: 0, leftOut: 1 },
    ],
    ['no sizes', (copy) => Object.assign(copy.entries[0]!, { variants: null }), { models: 1, leftOut: 1 }],
    ['a number for a name', (copy) => Object.assign(copy.entries[0]!, { name: 7 }), { models: 1, leftOut: 1 }],
    ['no licence', (copy) => Reflect.deleteProperty(copy.entries[0]!, 'licence'), { models: 1, leftOut: 1 }],
    ['a size without end', (copy) => Object.assign(sizeOf(copy), { downloadBytes: 1e300 }), { models: 0, leftOut: 1 }],
    [
      'a name that is an option',
      (copy) => Object.assign(sizeOf(copy), { model: '--insecure' }),
      { models: 0, leftOut: 1 },
    ],
  ])('one odd model never hides the others: %s', (_name, change, { models, leftOut }) => {
    const copy = structuredClone(file);
    change(copy);
    const read = readCatalogue(JSON.stringify(copy));
    expect(read?.leftOut).toBe(leftOut);
    expect(read?.file.entries).toHaveLength(file.entries.length - models);
    expect(checkCatalogue(read?.file)).toEqual(read?.file);
  });

  /** Of a model that has others. */
  function sizeOf({ entries }: CatalogueFile) {
    return entries.find(({ variants: sizes }) => sizes.length > 1)!.variants[0]!;
  }

  test('with nothing sound in it, it is none', () => {
    expect(readCatalogue(JSON.stringify({ ...file, entries: [null, 7, { id: 'x' }] }))).toBeNull();
    expect(readCatalogue(JSON.stringify({ ...file, entries: 7 }))).toBeNull();
    expect(readCatalogue(JSON.stringify({ ...file, updated: 7 }))).toBeNull();
  });

  test('what is no JSON at all', () => {
    expect(readCatalogue('<!doctype html>')).toBeNull();
    expect(readCatalogue('null')).toBeNull();
  });
});
