// What a question may ask for beside its words.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend, ChatOptions } from '../../../src/main/backends/interface.ts';
import { ask, type Bench, collect, openBench, TINY_MODEL } from './support.ts';

let bench: Bench;
let tiny: Backend;
beforeAll(async () => {
  bench = await openBench();
  tiny = bench.engine.forFile(TINY_MODEL);
});
afterAll(() => bench.end());

const SEEDED: ChatOptions = { seed: 7, temperature: 2, maxTokens: 24 };
const write = async (options: ChatOptions) => (await collect(tiny, ask('What is a mutex?', options))).text;

describe('sampling', () => {
  test('the same seed writes the same, also with every option set', async () => {
    const options = { ...SEEDED, topK: 200, topP: 0.99, minP: 0.001, repeatPenalty: 1.2 };
    expect(await write(options)).toBe(await write(options));
  });

  test('with one token to choose from nothing is left to chance, whatever the temperature', async () => {
    const likeliest = await write({ ...SEEDED, temperature: 0 });
    for (const seed of [1, 2]) {
      expect(await write({ ...SEEDED, seed, topK: 1 })).toBe(likeliest);
      expect(await write({ ...SEEDED, seed, topP: 0.000_001, minP: 0 })).toBe(likeliest);
      expect(await write({ ...SEEDED, seed, minP: 1 })).toBe(likeliest);
    }
    expect(await write(SEEDED)).not.toBe(likeliest);
  });

  test('a penalty for what was said changes what is said', async () => {
    const options = { temperature: 0, maxTokens: 200 };
    const circles = await write({ ...options, repeatPenalty: 1 });
    expect(await write({ ...options, repeatPenalty: 1.9 })).not.toBe(circles);
  });
});

test('an answer ends before the text that is to stop it', async () => {
  const whole = await write({ ...SEEDED, temperature: 0 });
  // Something from its middle that it has not said before.
  const at = whole
    .split('')
    .findIndex(
      (char, index) => index > 3 && whole.indexOf(char) === index && /[!-~]{2}/.test(whole.charAt(index - 1) + char),
    );
  expect(at).toBeGreaterThan(3);
  const stop = whole.charAt(at);
  const cut = await collect(tiny, ask('What is a mutex?', { ...SEEDED, temperature: 0, stop: [stop] }));
  expect(cut.text).toBe(whole.slice(0, at));
  expect(cut.done?.reason).toBe('stop');
});

test('more room than the model was loaded with loads it anew, less does not', async () => {
  const narrow = { ...SEEDED, contextTokens: 512 };
  const fresh = await openBench();
  try {
    const backend = fresh.engine.forFile(TINY_MODEL);
    const first = await collect(backend, ask('What is a mutex?', { temperature: 0, contextTokens: 512 }));
    const { promptTokens, answerTokens } = first.done!.usage;
    expect(promptTokens! + answerTokens!).toBeLessThanOrEqual(768);
    expect((await collect(backend, ask('a', narrow))).isLoaded).toBe(false);
    expect((await collect(backend, ask('a', SEEDED))).isLoaded).toBe(true);
    expect((await collect(backend, ask('a', narrow))).isLoaded).toBe(false);
    // The model itself has no more than 2048: asked for again, that is no reason to load again.
    expect((await collect(backend, ask('a', { ...SEEDED, contextTokens: 100_000 }))).isLoaded).toBe(true);
    expect((await collect(backend, ask('a', { ...SEEDED, contextTokens: 100_000 }))).isLoaded).toBe(false);
  } finally {
    await fresh.end();
  }
});

describe('a format', () => {
  const schema = {
    type: 'object',
    properties: { mood: { enum: ['glad', 'sad'] }, isSure: { type: 'boolean' } },
    required: ['mood', 'isSure'],
  };

  test('of a schema is kept, even by random weights', async () => {
    for (const seed of [1, 2, 3]) {
      const options = { seed, temperature: 2, maxTokens: 200 };
      const { text, done } = await collect(tiny, { ...ask('How are you?', options), format: schema });
      expect(done?.reason).toBe('stop');
      expect(JSON.parse(text)).toEqual({ mood: expect.stringMatching(/^(glad|sad)$/), isSure: expect.any(Boolean) });
    }
  });

  test('of any JSON begins as JSON does', async () => {
    const { text } = await collect(tiny, { ...ask('How are you?', SEEDED), format: 'json' });
    expect(text.trim()).toMatch(/^[[{"\d-]|^(?:true|false|null)/);
  });

  test('that is none is told, and the engine goes on', async () => {
    const request = { ...ask('How are you?', SEEDED), format: { type: 'object', properties: 3 } };
    await expect(collect(tiny, request)).rejects.toMatchObject({
      code: 'backend_failed',
      params: { reason: expect.stringContaining('schema') },
    });
    expect((await collect(tiny, ask('a', SEEDED))).done).not.toBeNull();
  });
});

describe('vectors', () => {
  const signal = AbortSignal.timeout(25_000);
  const embed = (...texts: string[]) => tiny.embed!(texts, { model: null, signal });

  test('come one a text, in order, the same for the same text', async () => {
    const [first, second, again] = await embed('What is a mutex?', 'Good morning', 'What is a mutex?');
    expect(first!.length).toBeGreaterThan(8);
    expect(first!.every(Number.isFinite)).toBe(true);
    expect([...again!]).toEqual([...first!]);
    expect([...second!]).not.toEqual([...first!]);
  });

  test('do not unload the model that answers', async () => {
    await collect(tiny, ask('a', SEEDED));
    const pid = bench.engine.pid();
    await embed('hello');
    expect((await collect(tiny, ask('a', SEEDED))).isLoaded).toBe(false);
    expect(bench.engine.pid()).toBe(pid);
  });

  test('of a text that is too long are refused with a reason', async () => {
    await expect(embed('word '.repeat(5_000))).rejects.toMatchObject({
      code: 'backend_failed',
      params: { reason: expect.stringContaining('tokens') },
    });
  });

  test('stop when nobody wants them any more', async () => {
    await expect(tiny.embed!(['a'], { model: null, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});

test('the version says what it computes on', async () => {
  await collect(tiny, ask('a', SEEDED));
  const { version } = await tiny.look(AbortSignal.timeout(5_000));
  expect(version).toMatch(/, (?:cpu|metal|cuda|vulkan)$/);
});
