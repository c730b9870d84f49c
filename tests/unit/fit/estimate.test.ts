// What fits: worked examples, and rules that hold for every model and every computer.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Hardware } from '../../../src/contract/models.ts';
import { Settings } from '../../../src/contract/settings.ts';
import { contextFor } from '../../../src/main/models/fit/context.ts';
import { fitOn } from '../../../src/main/models/fit/estimate.ts';
import type { ModelFacts } from '../../../src/main/models/fit/interface.ts';

const GB = 1e9;
const GIB = 2 ** 30;

/** llama3.2:3b as Ollama ships it. */
const llama: ModelFacts = {
  weightsBytes: 2_019_377_376,
  layers: 28,
  kvHeads: 8,
  headSize: 128,
  contextLength: 131_072,
};
const laptop: Hardware = { memoryBytes: 16 * GIB, freeMemoryBytes: 10 * GB, gpus: [], physicalCores: 4 };
const card = (freeBytes: number | null, memoryBytes = 12 * GB) => ({
  name: 'Card',
  memoryBytes,
  freeBytes,
  isShared: false,
});
const apple = { name: 'Apple M2', memoryBytes: 16 * GIB, freeBytes: null, isShared: true };
const engine = (change: Partial<Settings['engine']> = {}) => ({ ...Settings.parse({}).engine, ...change });

function fit(facts: ModelFacts, hardware = laptop, change: Partial<Settings['engine']> = {}, contextLength?: number) {
  return fitOn(facts, { hardware, settings: engine(change), contextLength: contextLength ?? null });
}

describe('the need', () => {
  test('is weights, cache and overhead', () => {
    // 28 layers × 8 heads × 128 numbers, for key and value, in 16 bits: 112 kB a token.
    expect(fit(llama)).toMatchObject({
      contextLength: 8_192,
      cacheBytes: 8_192 * 114_688,
      weightsBytes: 2_019_377_376,
    });
    const { needBytes, weightsBytes, cacheBytes, overheadBytes } = fit(llama);
    expect(needBytes).toBe((weightsBytes ?? 0) + (cacheBytes ?? 0) + (overheadBytes ?? 0));
  });

  test('doubles its cache for two questions at once, and shrinks it with fewer bits', () => {
    const cache = (change: Partial<Settings['engine']>) => fit(llama, laptop, change).cacheBytes ?? 0;
    expect(cache({ parallel: 2 })).toBe(2 * cache({}));
    expect(cache({ kvCacheType: 'q8_0' }) / cache({})).toBeCloseTo(0.53, 2);
    expect(cache({ kvCacheType: 'q4_0' }) / cache({})).toBeCloseTo(0.28, 2);
    // The engine can't read a quantized cache without flash attention.
    expect(cache({ kvCacheType: 'q8_0', flashAttention: 'off' })).toBe(cache({}));
  });

  test('is unknown without the numbers, unless the weights alone are too much', () => {
    const noCache = { ...llama, kvHeads: null };
    expect(fit(noCache)).toMatchObject({ label: 'unknown', needBytes: null, cacheBytes: null });
    expect(fit({ ...noCache, weightsBytes: 40 * GB })).toMatchObject({ label: 'too_big', needBytes: null });
    expect(fit({ ...llama, weightsBytes: null })).toMatchObject({ label: 'unknown', needBytes: null });
  });
});

describe('the context', () => {
  const of = (hardware: Hardware, facts: ModelFacts = llama, wanted: number | null = null) =>
    contextFor(facts, { wanted, hardware, settings: engine() });
  const unified = (memoryBytes: number) => ({ ...laptop, memoryBytes, freeMemoryBytes: memoryBytes, gpus: [apple] });

  test.each<[string, Hardware, number]>([
    ['a laptop', laptop, 8_192],
    // 2.0 GB of weights, 0.6 GB beside them, 0.47 GB for each 4,096 tokens: less than four fifths of what is free.
    ['just enough memory', { ...laptop, freeMemoryBytes: 4.5 * GB }, 8_192],
    ['less memory', { ...laptop, freeMemoryBytes: 4.3 * GB }, 4_096],
    ['too little for the model at all', { ...laptop, freeMemoryBytes: GB }, 4_096],
    ['a card that holds the longer one', { ...laptop, gpus: [card(6 * GB)] }, 8_192],
    ['a card that holds the shorter one only', { ...laptop, gpus: [card(3.3 * GB)] }, 4_096],
    ['a card that holds neither', { ...laptop, gpus: [card(2 * GB)] }, 8_192],
    ['a large card', { ...laptop, gpus: [card(24 * GIB, 24 * GIB)] }, 32_768],
    ['a large card that is full', { ...laptop, freeMemoryBytes: 4.3 * GB, gpus: [card(0, 24 * GIB)] }, 4_096],
    ['two large cards', { ...laptop, gpus: [card(24 * GIB, 24 * GIB), card(24 * GIB, 24 * GIB)] }, 131_072],
    ['Apple with 16 GB', unified(16 * GIB), 8_192],
    ['Apple with 64 GB', unified(64 * GIB), 131_072],
  ])('of %s', (_name, hardware, expected) => {
    expect(of(hardware)).toBe(expected);
  });

  test('of a model that does not tell its numbers is what Ollama takes', () => {
    expect(of(laptop, { ...llama, layers: null })).toBe(4_096);
  });

  test("is the user's, but never longer than the model's", () => {
    expect(of(laptop, llama, 16_000)).toBe(16_000);
    expect(of({ ...laptop, freeMemoryBytes: GB }, llama, 16_000)).toBe(16_000);
    expect(of(laptop, llama, 1_000_000)).toBe(131_072);
    expect(of(laptop, llama, 0)).toBe(8_192);
    expect(of(laptop, { ...llama, contextLength: 2_048 })).toBe(2_048);
  });

  test('is what was asked for, else what its Modelfile says, else the setting', () => {
    const own = { ...llama, ownContext: 6_000 };
    expect(fit(llama, laptop, { contextLength: 16_384 }).contextLength).toBe(16_384);
    expect(fit(own, laptop, { contextLength: 16_384 }).contextLength).toBe(6_000);
    expect(fit(own, laptop, { contextLength: 16_384 }, 2_048).contextLength).toBe(2_048);
  });
});

describe('the place', () => {
  test.each<[string, Hardware, Partial<Settings['engine']>, string, string]>([
    ['no card', laptop, {}, 'memory', 'fits'],
    ['a card with room', { ...laptop, gpus: [card(8 * GB)] }, {}, 'gpu', 'fits'],
    ['a card with too little room', { ...laptop, gpus: [card(2 * GB)] }, {}, 'both', 'fits'],
    ['two small cards', { ...laptop, gpus: [card(2 * GB), card(2 * GB)] }, {}, 'gpu', 'fits'],
    [
      'one of two cards may be used',
      { ...laptop, gpus: [card(2 * GB), card(2 * GB)] },
      { gpuDevices: '1' },
      'both',
      'fits',
    ],
    ['no card may be used', { ...laptop, gpus: [card(8 * GB)] }, { gpuDevices: '-1' }, 'memory', 'fits'],
    ['all layers kept in memory', { ...laptop, gpus: [card(8 * GB)] }, { gpuLayers: 0 }, 'memory', 'fits'],
    ['some layers kept in memory', { ...laptop, gpus: [card(8 * GB)] }, { gpuLayers: 10 }, 'both', 'fits'],
    ['Apple', { ...laptop, gpus: [apple] }, {}, 'gpu', 'fits'],
    ['graphics in the processor', { ...laptop, gpus: [{ ...apple, memoryBytes: null }] }, {}, 'memory', 'fits'],
    ['little memory', { ...laptop, freeMemoryBytes: 3.4 * GB }, {}, 'memory', 'tight'],
    ['too little memory', { ...laptop, freeMemoryBytes: 2 * GB }, {}, 'memory', 'too_big'],
    ['card and memory together too small', { ...laptop, freeMemoryBytes: GB, gpus: [card(GB)] }, {}, 'both', 'too_big'],
  ])('%s', (_name, hardware, change, place, label) => {
    expect(fit(llama, hardware, change)).toMatchObject({ place, label });
  });

  test('what a card does not tell is taken for nearly free', () => {
    expect(fit(llama, { ...laptop, gpus: [card(null, 10 * GB)] }).freeBytes).toBe(19 * GB);
  });

  test('a model that is loaded is not counted against itself', () => {
    const full = { ...laptop, freeMemoryBytes: GB };
    expect(fit(llama, full).label).toBe('too_big');
    expect(fit({ ...llama, loaded: { sizeBytes: 3.5 * GB, gpuBytes: 0 } }, full).label).toBe('fits');
    const onCard = { ...laptop, freeMemoryBytes: GB, gpus: [card(0.2 * GB)] };
    const loaded = { sizeBytes: 3.5 * GB, gpuBytes: 3.5 * GB };
    expect(fit({ ...llama, loaded }, onCard)).toMatchObject({ label: 'fits', place: 'gpu' });
  });
});

describe('for every model and every computer', () => {
  const bytes = fc.integer({ min: 0, max: 100 * GB });
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value);
  const facts: fc.Arbitrary<ModelFacts> = fc.record({
    weightsBytes: bytes,
    layers: fc.integer({ min: 1, max: 120 }),
    kvHeads: fc.integer({ min: 1, max: 64 }),
    headSize: fc.integer({ min: 1, max: 576 }),
    contextLength: maybe(fc.integer({ min: 1, max: 1_000_000 })),
    loaded: maybe(fc.record({ sizeBytes: bytes, gpuBytes: bytes })),
  });
  const hardware: fc.Arbitrary<Hardware> = fc.record({
    memoryBytes: bytes,
    freeMemoryBytes: bytes,
    gpus: fc.array(
      fc.record({ name: fc.string(), memoryBytes: maybe(bytes), freeBytes: maybe(bytes), isShared: fc.boolean() }),
      { maxLength: 3 },
    ),
    physicalCores: fc.constant(4),
  });
  const settings = fc.record({
    parallel: maybe(fc.integer({ min: 1, max: 8 })),
    kvCacheType: fc.constantFrom('auto', 'f16', 'q8_0', 'q4_0'),
    gpuLayers: maybe(fc.integer({ min: 0, max: 50 })),
    gpuDevices: maybe(fc.constantFrom('0', '0,1', '-1', 'GPU-8f1')),
  }) as fc.Arbitrary<Partial<Settings['engine']>>;
  const rank = { fits: 0, tight: 1, too_big: 2, unknown: 3 };
  const context = fc.integer({ min: 1, max: 500_000 });

  test('what is planned is within the model, and no less than Ollama takes unless the model is shorter', () => {
    fc.assert(
      fc.property(facts, hardware, settings, (model, computer, change) => {
        const tokens = contextFor(model, { wanted: null, hardware: computer, settings: engine(change) });
        expect(tokens).toBeLessThanOrEqual(model.contextLength ?? Infinity);
        expect(tokens).toBeGreaterThanOrEqual(Math.min(4_096, model.contextLength ?? Infinity));
      }),
    );
  });

  test('more weights or a longer context never need less and never fit better', () => {
    fc.assert(
      fc.property(
        facts,
        hardware,
        settings,
        context,
        bytes,
        context,
        (model, computer, change, tokens, more, longer) => {
          const small = fit(model, computer, change, tokens);
          const heavy = fit({ ...model, weightsBytes: (model.weightsBytes ?? 0) + more }, computer, change, tokens);
          const long = fit(model, computer, change, tokens + longer);
          for (const large of [heavy, long]) {
            expect(large.needBytes).toBeGreaterThanOrEqual(small.needBytes ?? 0);
            expect(rank[large.label]).toBeGreaterThanOrEqual(rank[small.label]);
            if (large.place === 'gpu') expect(small.place).toBe('gpu');
          }
        },
      ),
    );
  });

  test('the label is what the numbers beside it say', () => {
    fc.assert(
      fc.property(facts, hardware, settings, (model, computer, change) => {
        const { label, needBytes, freeBytes } = fit(model, computer, change);
        const need = needBytes ?? Number.NaN;
        expect(label).toBe(need > freeBytes ? 'too_big' : need < freeBytes * 0.8 ? 'fits' : 'tight');
        expect(freeBytes).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('what is loaded never makes it fit worse', () => {
    fc.assert(
      fc.property(facts, hardware, settings, (model, computer, change) => {
        const asIfNot = fit({ ...model, loaded: null }, computer, change);
        // Free memory above the total is no computer.
        fc.pre(computer.freeMemoryBytes <= computer.memoryBytes);
        expect(rank[fit(model, computer, change).label]).toBeLessThanOrEqual(rank[asIfNot.label]);
      }),
    );
  });
});
