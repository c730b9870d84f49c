import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Backend, ChatMessage } from '../../../src/main/backends/interface.ts';
import { llamaValues, makeGguf } from '../../support/make-gguf.ts';
import { ask, type Bench, collect, LONG_ANSWER, openBench, TINY_MODEL } from './support.ts';

let bench: Bench;
let tiny: Backend;
async function open(): Promise<void> {
  bench = await openBench();
  tiny = bench.engine.forFile(TINY_MODEL);
}

const tinyBytes = readFileSync(TINY_MODEL);
const SEEDED = { seed: 7, temperature: 2, maxTokens: 12 };

describe('an answer', () => {
  beforeAll(open);
  afterAll(() => bench.end());

  test('streams with the counts and times of the real model', async () => {
    const answer = await collect(tiny, ask('What is a mutex?', SEEDED));
    expect(answer.events[0]).toEqual({ type: 'loading', model: 'tiny' });
    expect(answer.events.filter(({ type }) => type === 'text').length).toBeGreaterThan(1);
    expect(answer.events.at(-1)).toBe(answer.done);
    const usage = answer.done?.usage;
    // "What is a mutex?" in a ChatML prompt, with a tokenizer of little more than bytes.
    expect(usage?.promptTokens).toBeGreaterThan(16);
    expect(usage?.answerTokens).toBeGreaterThan(0);
    expect(usage?.answerTokens).toBeLessThanOrEqual(12);
    for (const time of [usage?.loadMs, usage?.firstTokenMs, usage?.answerMs]) expect(time).toBeGreaterThan(0);
    expect(usage?.totalMs).toBeGreaterThan((usage?.loadMs ?? 0) + (usage?.answerMs ?? 0));
  });

  test('keeps to its length and seed', async () => {
    const first = await collect(tiny, ask('count', { ...SEEDED, maxTokens: 5 }));
    const same = await collect(tiny, ask('count', { ...SEEDED, maxTokens: 5 }));
    const other = await collect(tiny, ask('count', { ...SEEDED, maxTokens: 5, seed: 8 }));
    expect(first.done).toMatchObject({ reason: 'length', usage: { answerTokens: 5 } });
    expect(same.text).toBe(first.text);
    expect(other.text).not.toBe(first.text);
  });

  test('ends where the context is full, and nothing of the conversation is dropped for more', async () => {
    const { done } = await collect(tiny, LONG_ANSWER);
    expect(done?.reason).toBe('length');
    const { promptTokens, answerTokens } = done?.usage ?? {};
    expect((promptTokens ?? 0) + (answerTokens ?? 0)).toBeGreaterThan(2000);
    expect((promptTokens ?? 0) + (answerTokens ?? 0)).toBeLessThanOrEqual(2048);
  });

  test('the next question finds the model loaded in the same process', async () => {
    await collect(tiny, ask('one', SEEDED));
    const pid = bench.engine.pid();
    const second = await collect(tiny, ask('two', SEEDED));
    expect(second.isLoaded).toBe(false);
    expect(second.done?.usage.loadMs).toBe(0);
    expect(bench.engine.pid()).toBe(pid);
  });

  test('two questions at once are answered one after the other', async () => {
    const order: string[] = [];
    const follow = async (name: string) => {
      for await (const event of tiny.chat(ask(name, SEEDED), AbortSignal.timeout(20_000)))
        if (event.type !== 'loading') order.push(name);
    };
    await Promise.all([follow('a'), follow('b')]);
    expect(order.join('')).toMatch(/^(a+b+|b+a+)$/);
  });
});

describe('the conversation', () => {
  beforeAll(open);
  afterAll(() => bench.end());

  const history: ChatMessage[] = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'My name is Ann.' },
    { role: 'assistant', content: 'Hello Ann.' },
  ];

  test('what came before is read by the model', async () => {
    const alone = await collect(tiny, ask('Who am I?', SEEDED));
    const messages: ChatMessage[] = [...history, { role: 'user', content: 'Who am I?' }];
    const after = await collect(tiny, { model: null, messages, options: SEEDED });
    expect(after.done?.usage.promptTokens).toBeGreaterThan((alone.done?.usage.promptTokens ?? 0) + 30);
    expect(after.text).not.toBe(alone.text);
    // Nothing of one conversation stays behind in the next.
    expect((await collect(tiny, ask('Who am I?', SEEDED))).text).toBe(alone.text);
  });

  test('of one longer than the context the newest part is read, with the system prompt', async () => {
    const long: ChatMessage[] = Array.from({ length: 60 }, (_, index) => [
      { role: 'user' as const, content: `Question ${index}: ${'word '.repeat(20)}` },
      { role: 'assistant' as const, content: `Answer ${index}` },
    ]).flat();
    const question: ChatMessage = { role: 'user', content: 'Who am I?' };
    const cut = await collect(tiny, { model: null, messages: [history[0]!, ...long, question], options: SEEDED });
    // Half of what fits: the next turns add to it.
    expect(cut.done?.usage.promptTokens).toBeGreaterThan(600);
    expect(cut.done?.usage.promptTokens).toBeLessThanOrEqual(2048 - 512);
    // Exactly what a conversation of the system prompt and the newest exchanges would give.
    const fits: string[] = [];
    for (let kept = 1; kept <= 20; kept += 1) {
      const messages = [history[0]!, ...long.slice(-2 * kept), question];
      const answer = await collect(tiny, { model: null, messages, options: SEEDED });
      if (answer.done?.usage.promptTokens === cut.done?.usage.promptTokens) fits.push(answer.text);
    }
    expect(fits).toContain(cut.text);
  });

  test.each([
    ['a little', 'word '.repeat(600)],
    ['absurdly', 'x'.repeat(5_000_000)],
  ])('a question that is %s too long is refused with a reason', async (_, content) => {
    await expect(collect(tiny, ask(content))).rejects.toMatchObject({
      code: 'context_too_small',
      // The limit is the model's own.
      params: { set: 2048, can: 2048, needed: expect.any(Number), context: 'model' },
    });
    expect((await collect(tiny, ask('short', SEEDED))).done).not.toBeNull();
  });

  test('a question that the model could hold, if it were allowed more, is refused with both numbers', async () => {
    const content = 'word '.repeat(200);
    // A model in memory with more room is not loaded anew for less.
    const copy = bench.engine.forFile(add('small.gguf'));
    const small = { ...SEEDED, contextTokens: 512 };
    const refused = await collect(copy, ask(content, small)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'context_too_small', params: { set: 512, can: 2048 } });
    expect(refused).not.toHaveProperty('params.context');
    expect((await collect(copy, ask(content, { ...SEEDED, contextTokens: 2048 }))).done).not.toBeNull();
  });
});

function add(name: string, content: Buffer | string = tinyBytes): string {
  const path = join(bench.modelsFolder, name);
  writeFileSync(path, content);
  return path;
}

describe('the model file', () => {
  beforeEach(open);
  afterEach(() => bench.end());
  const signal = AbortSignal.timeout(20_000);

  test('without one the backend is not available and says where it looked; nothing is started', async () => {
    const backend = bench.engine.backend();
    expect(await backend.look(signal)).toMatchObject({
      state: 'unavailable',
      models: [],
      problem: { code: 'no_model_file', params: { path: bench.modelsFolder } },
    });
    expect(backend.modelFor(null)).toBeNull();
    await expect(collect(backend, ask('hello'))).rejects.toMatchObject({ code: 'no_model_file' });
    expect(bench.engine.pid()).toBeNull();
  });

  test('the first sound one of the models folder is taken, asleep until it is asked', async () => {
    add('a-broken.gguf', '<html>');
    add('mmproj-b.gguf');
    const path = add('b.gguf');
    add('c.gguf');
    const backend = bench.engine.backend();
    expect(await backend.look(signal)).toMatchObject({
      state: 'asleep',
      url: `llamacpp://${path}`,
      isOwned: false,
      version: null,
      problem: null,
    });
    expect(bench.engine.pid()).toBeNull();
    expect(backend.modelFor(null)).toBe('b');
    expect((await backend.models(signal)).map(({ name }) => name)).toEqual(['b', 'c']);

    await collect(backend, ask('hello', SEEDED));
    expect(await backend.look(signal)).toMatchObject({
      state: 'ready',
      isOwned: true,
      version: expect.stringMatching(/^node-llama-cpp 3\..*llama\.cpp /),
    });
  });

  test('is one that can chat, whatever else lies before it; a base model only where nothing else is', async () => {
    const architecture = (value: string) => ({ 'general.architecture': { type: 'text', value } as const });
    const tensors = [{ name: 'v', shape: [32] }];
    add('a-eyes.gguf', makeGguf({ values: llamaValues(architecture('clip')), tensors }));
    add('a-model-mmproj-f16.gguf', makeGguf({ values: llamaValues(), tensors }));
    add('b-vectors.gguf', makeGguf({ values: llamaValues(architecture('bert')), tensors }));
    add('c-half.gguf', tinyBytes.subarray(0, tinyBytes.length - 1_000));
    add('d-base.gguf', makeGguf({ values: llamaValues(), tensors }));
    const backend = bench.engine.backend();
    await backend.look(signal);
    expect(backend.modelFor(null)).toBe('d-base');
    add('tiny.gguf');
    await backend.look(signal);
    expect(backend.modelFor(null)).toBe('tiny');
    expect((await backend.models(signal)).map(({ name }) => name)).toEqual(['tiny', 'd-base']);
    expect((await collect(backend, ask('hello', SEEDED))).events[0]).toEqual({ type: 'loading', model: 'tiny' });
  });

  test('the settings choose another one, and a question may name one', async () => {
    add('a.gguf');
    const b = add('b.gguf');
    await bench.settings.set({ llamacpp: { modelPath: TINY_MODEL } });
    const backend = bench.engine.backend();
    expect((await collect(backend, ask('hello', SEEDED))).events[0]).toEqual({ type: 'loading', model: 'tiny' });
    const named = await collect(backend, { ...ask('hello', SEEDED), model: 'b' });
    expect(named.events[0]).toEqual({ type: 'loading', model: 'b' });
    expect(backend.describe('b')).toEqual({ url: `llamacpp://${b}`, host: null });
    await expect(collect(backend, { ...ask('hello'), model: 'llama3.2' })).rejects.toMatchObject({
      code: 'model_not_found',
      params: { model: 'llama3.2', installed: 'tiny, a, b' },
    });
    await bench.settings.set({ llamacpp: { modelPath: join(bench.folder, 'gone.gguf') } });
    expect(await backend.look(signal)).toMatchObject({
      state: 'unavailable',
      problem: { code: 'model_file_missing' },
    });
  });

  test('a backend for one file takes a path or a name', async () => {
    const path = add('mine.gguf');
    for (const given of [path, 'mine', 'mine.gguf']) {
      const backend = bench.engine.forFile(given);
      expect(backend.describe(null).url).toBe(`llamacpp://${path}`);
      expect(backend.modelFor('anything')).toBe('mine');
      expect((await collect(backend, ask('hello', SEEDED))).done).not.toBeNull();
    }
    await expect(collect(bench.engine.forFile('other'), ask('hello'))).rejects.toMatchObject({
      code: 'model_not_found',
      params: { model: 'other', installed: 'mine' },
    });
    const gone = join(bench.folder, 'gone.gguf');
    await expect(collect(bench.engine.forFile(gone), ask('hello'))).rejects.toMatchObject({
      code: 'model_file_missing',
      params: { path: gone },
    });
  });

  test('one that was written anew is loaded anew', async () => {
    const backend = bench.engine.forFile(add('mine.gguf'));
    await collect(backend, ask('hello', SEEDED));
    utimesSync(join(bench.modelsFolder, 'mine.gguf'), 1, 1);
    expect((await collect(backend, ask('hello', SEEDED))).isLoaded).toBe(true);
  });
});

describe('a file that is no model', () => {
  beforeAll(open);
  afterAll(() => bench.end());

  test.each([
    ['a web page saved as a model', Buffer.from('<html>not found</html>')],
    ['an empty file', Buffer.alloc(0)],
    ['the right first bytes and then garbage', Buffer.from(`GGUF${'x'.repeat(10_000)}`)],
    ['a download that was cut', tinyBytes.subarray(0, 200_000)],
  ])('%s is told as such, and the engine goes on with others', async (_, content) => {
    const path = add('bad.gguf', content);
    await expect(collect(bench.engine.forFile(path), ask('hello'))).rejects.toMatchObject({
      code: 'model_file_invalid',
      params: { path },
    });
    expect((await collect(tiny, ask('hello', SEEDED))).done).not.toBeNull();
  });
});
