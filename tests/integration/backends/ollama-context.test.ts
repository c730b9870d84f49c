// How much context a question asks for, and what it costs: one load, whoever asks.
import { afterEach, describe, expect, it } from 'vitest';
import type { Hardware } from '../../../src/contract/models.ts';
import { Settings } from '../../../src/contract/settings.ts';
import { fitOn } from '../../../src/main/models/fit/estimate.ts';
import { createContextPlans } from '../../../src/main/models/library/context-plans.ts';
import { createFetch } from '../../../src/main/diagnostics/index.ts';
import { createOllamaManager, type OllamaManager, parseAddress, type Place } from '../../../src/main/ollama/index.ts';
import { type ContextOllama, type ContextOllamaOptions, startContextOllama } from '../../support/context-ollama.ts';
import { atEnd, cleanUp, forever, hear, ollamaAt } from './setup.ts';

afterEach(cleanUp);

const GB = 1e9;
const roomy: Hardware = { memoryBytes: 16 * GB, freeMemoryBytes: 10 * GB, gpus: [], physicalCores: 4 };
const question = { model: 'words', messages: [{ role: 'user' as const, content: 'hello' }] };

interface SceneOptions extends ContextOllamaOptions {
  hardware?: Hardware;
  wished?: number | null;
  isLoopback?: boolean;
}

async function scene({ hardware = roomy, wished = null, isLoopback = true, ...options }: SceneOptions = {}) {
  const server = await startContextOllama(options);
  atEnd(() => server.close());
  const fetch = createFetch({
    purpose: 'test',
    service: 'Ollama',
    connectTimeoutMs: () => 1_000,
    isRepeatable: () => true,
  });
  atEnd(() => fetch.close());
  const state = { hardware, wished };
  let seen: { place: Place; manager: OllamaManager } | null = null;
  const plans = createContextPlans({
    managerOf(place) {
      const manager = createOllamaManager({ fetch, ...place });
      seen = { place, manager };
      return manager;
    },
    fitOf: (facts, contextLength) =>
      Promise.resolve(
        fitOn(facts, {
          hardware: state.hardware,
          settings: Settings.parse({}).engine,
          contextLength: contextLength ?? null,
        }),
      ),
    wished: () => state.wished,
  });
  const address = { ...parseAddress(server.url), from: 'settings' as const, isLoopback };
  const backend = ollamaAt(server.url, {}, { plans, address: () => address });
  const ask = async () => expect((await hear(backend.chat(question, forever()))).error).toBeNull();
  /** The page of the model plans it anew. */
  async function openPage(): Promise<void> {
    if (seen === null) throw new Error('nothing was planned yet');
    await plans.planShown(seen.place, 'words', await seen.manager.show('words', forever()));
  }
  return { openPage, server, plans, state, backend, ask, asked: () => askedContexts(server) };
}

const askedContexts = ({ chats }: ContextOllama) => chats.map(({ options }) => options?.num_ctx ?? null);

describe('an Ollama on this computer is asked for', () => {
  it.each<[string, SceneOptions, number]>([
    ['what a conversation needs', {}, 8_192],
    ['what the model was made for, where that is less', { modelMaximum: 2_048 }, 2_048],
    ['what memory has room for', { hardware: { ...roomy, freeMemoryBytes: 1.4 * GB } }, 4_096],
    ['what its Modelfile says', { parameters: 'num_ctx                        16384' }, 16_384],
    ['what the user set', { wished: 12_000, parameters: 'num_ctx 16384' }, 12_000],
    ['no more than the model can, whatever the user set', { wished: 1_000_000 }, 32_768],
  ])('%s', async (_what, options, expected) => {
    const { ask, asked, server } = await scene(options);
    await ask();
    await ask();
    expect(asked()).toEqual([expected, expected]);
    expect(server.loads).toEqual([expected]);
  });

  it('what another program has loaded, if that is more', async () => {
    const { ask, asked, server } = await scene();
    server.loadAs(16_384);
    await ask();
    await ask();
    expect(asked()).toEqual([16_384, 16_384]);
    expect(server.loads).toEqual([]);
  });

  it('its own plan, if another program has loaded less', async () => {
    const { ask, server } = await scene();
    server.loadAs(4_096);
    await ask();
    expect(server.loads).toEqual([8_192]);
  });

  it('the same while it is in memory, however little is free then', async () => {
    const { ask, asked, state, openPage } = await scene();
    await ask();
    state.hardware = { ...roomy, freeMemoryBytes: 0.1 * GB };
    await openPage();
    await ask();
    expect(asked()).toEqual([8_192, 8_192]);
  });

  it('what is free when its page was opened, once it is no longer in memory', async () => {
    const { ask, asked, server, state, openPage } = await scene();
    await ask();
    server.loadAs(null);
    state.hardware = { ...roomy, freeMemoryBytes: 0.1 * GB };
    await openPage();
    await ask();
    expect(asked()).toEqual([8_192, 4_096]);
  });

  it('what the user set since, exactly', async () => {
    const { ask, asked, plans, state } = await scene();
    await ask();
    state.wished = 2_048;
    plans.forget();
    await ask();
    expect(asked()).toEqual([8_192, 2_048]);
  });

  it('without a look, once the model is known', async () => {
    const { ask, server, backend } = await scene();
    await backend.look(forever());
    await ask();
    const before = [server.count('/api/show'), server.count('/api/tags')];
    const psBefore = server.count('/api/ps');
    await ask();
    expect([server.count('/api/show'), server.count('/api/tags')]).toEqual(before);
    // The watch of a load looks after 100 ms at the earliest: this answer is there before.
    expect(server.count('/api/ps')).toBe(psBefore);
  });
});

it('an Ollama elsewhere decides by itself, unless the user set something', async () => {
  const { ask, asked, server, backend } = await scene({ isLoopback: false, wished: 6_000 });
  await ask();
  await hear(backend.chat({ ...question, options: { contextTokens: 6_000 } }, forever()));
  expect(asked()).toEqual([null, 6_000]);
  expect(server.count('/api/show')).toBe(0);
});

it('a server that shows nothing of its models decides by itself', async () => {
  const { plans, ask, asked } = await scene();
  const failing = createContextPlans({
    managerOf: () => ({ show: () => Promise.reject(new Error('no such path')) }) as never,
    fitOf: () => Promise.reject(new Error('not asked')),
    wished: () => null,
  });
  Object.assign(plans, failing);
  await ask();
  expect(asked()).toEqual([null]);
});

describe('a chat that outgrows the context', () => {
  const turn = (role: 'user' | 'assistant', words: number) => ({
    role,
    content: Array.from({ length: words }, (_each, index) => `word${index}`).join(' '),
  });
  const chat = [turn('user', 200), turn('assistant', 100), turn('user', 100), turn('assistant', 80), turn('user', 120)];

  it.each<[string, SceneOptions, number]>([
    ['a server that says when asked', {}, 512],
    ['one that cuts whatever it is asked', { knowsTruncate: false }, 512],
    ['one that does not tell its context either', { knowsTruncate: false, tellsContext: false }, 512],
  ])('says in its third turn that it lost the first: %s', async (_server, options, contextTokens) => {
    const { backend, server } = await scene({ ...options, wished: 512 });
    const cuts = [];
    for (const length of [1, 3, 5]) {
      const { events, error } = await hear(backend.chat({ ...question, messages: chat.slice(0, length) }, forever()));
      expect(error).toBeNull();
      const done = events.at(-1);
      const { wasPromptCut = false, contextTokens: room } = done?.type === 'done' ? done.usage : {};
      cuts.push([wasPromptCut, room]);
    }
    expect(cuts).toEqual([
      [false, undefined],
      [false, undefined],
      [true, contextTokens],
    ]);
    expect(server.loads).toEqual([512]);
  });

  it.each<[string, SceneOptions, object]>([
    ['by the settings', { wished: 512 }, { set: 512, needed: expect.any(Number), can: 32_768 }],
    ['by the model', { modelMaximum: 512 }, { set: 512, can: 512, context: 'model' }],
    ['by a server elsewhere', { isLoopback: false, defaultContext: 512 }, { set: 512, context: 'elsewhere' }],
  ])('refuses a question that alone is longer than what is set %s', async (_whose, options, params) => {
    const { backend, server } = await scene(options);
    const { error } = await hear(backend.chat({ ...question, messages: [turn('user', 875)] }, forever()));
    expect(error).toMatchObject({ code: 'context_too_small', params });
    // Also as the last one of a chat; and the chat without it goes on.
    const messages = [...chat.slice(0, 2), turn('user', 875)];
    const last = await hear(backend.chat({ ...question, messages }, forever()));
    expect(last.error).toMatchObject({ code: 'context_too_small', params });
    expect((await hear(backend.chat(question, forever()))).error).toBeNull();
    expect(
      server.chats.every(
        ({ messages: sent, truncate }) => (sent.length === 1 && sent[0]?.content === 'hello') || truncate === false,
      ),
    ).toBe(true);
  });

  it('cries no wolf where the server leaves out of its count what it had read before', async () => {
    const { backend } = await scene({ leavesOutCached: true, knowsTruncate: false });
    for (const length of [1, 3, 5]) {
      const { events } = await hear(backend.chat({ ...question, messages: chat.slice(0, length) }, forever()));
      expect(events.at(-1)).not.toHaveProperty('usage.wasPromptCut');
    }
  });
});
