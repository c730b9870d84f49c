// Variables of the environment: what each means, and that the user's own choice comes first.
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import {
  readEnvironment,
  settingsInForce,
  withEnvironment,
} from '../../../src/main/backends/environment/environment.ts';
import { memorySettings } from '../../support/memory-settings.ts';

const CWD = path.resolve('/projects/here');
const settingsOf = (patch: SettingsPatch = {}) => {
  const base = memorySettings().get();
  return {
    ...memorySettings(patch).get(),
    backends: { ...base.backends, ...patch.backends },
    purposes: { ...base.purposes, ...patch.purposes },
  };
};

function look(env: NodeJS.ProcessEnv, patch: SettingsPatch = {}) {
  const environment = readEnvironment(env, CWD);
  const settings = settingsOf(patch);
  return {
    environment,
    inForce: withEnvironment(settings, environment),
    entries: environment.entries(settings),
    values: environment.values(settings),
    states: Object.fromEntries(environment.values(settings).map(({ name, state }) => [name, state])),
    ollamaModel: environment.ollamaModel(settings),
  };
}

it('without variables nothing changes, and what is empty is not set', () => {
  for (const env of [{}, { OLLAMA_HOST: '', USE_OLLAMA: ' ', LLM_SERVICE_URL: '""', PATH: '/bin' }]) {
    expect(look(env)).toMatchObject({ inForce: settingsOf(), entries: [], values: [] });
  }
});

describe('the address of Ollama', () => {
  it('is OLLAMA_BASE_URL before OLLAMA_HOST, and the settings before both', () => {
    const both = { OLLAMA_BASE_URL: 'http://gpu.lan:9000', OLLAMA_HOST: 'other' };
    expect(look({ OLLAMA_HOST: 'other' }).inForce.ollama.address).toBe('other');
    expect(look(both).inForce.ollama.address).toBe('http://gpu.lan:9000');
    expect(look(both).states).toEqual({ OLLAMA_BASE_URL: 'inForce', OLLAMA_HOST: 'overridden' });
    const own = look(both, { ollama: { address: 'mine' } });
    expect(own.inForce.ollama.address).toBe('mine');
    expect(own.states).toEqual({ OLLAMA_BASE_URL: 'overridden', OLLAMA_HOST: 'overridden' });
    // Hearth's own Ollama, whatever else is there.
    const installed = look(both, { engine: { use: 'own' } });
    expect(installed.inForce.ollama.address).toBe(null);
    expect(installed.states).toEqual(own.states);
  });

  it('that is none is told, without its password', () => {
    const { values } = look({ OLLAMA_HOST: 'http://me:secret@gpu.lan' });
    expect(values).toMatchObject([{ state: 'invalid', problem: { code: 'backend_url_invalid' } }]);
    expect(JSON.stringify(values)).not.toContain('secret');
  });
});

describe('OLLAMA_MODEL', () => {
  const env = { OLLAMA_MODEL: 'llama3.2:3b' };

  it('is the model of Ollama where none is chosen', () => {
    expect(look(env)).toMatchObject({ ollamaModel: 'llama3.2:3b', states: { OLLAMA_MODEL: 'inForce' } });
    expect(look(env).inForce.model).toBe('llama3.2:3b');
    const own = look(env, { model: 'mine' });
    expect(own).toMatchObject({ ollamaModel: 'mine', states: { OLLAMA_MODEL: 'overridden' } });
    expect(own.inForce.model).toBe('mine');
  });

  it('says nothing about other backends, and counts when Ollama stands in for one', () => {
    const other = look(env, { backend: 'llamacpp', model: 'tiny' });
    expect(other.inForce).toMatchObject({ backend: 'llamacpp', model: 'tiny' });
    expect(other).toMatchObject({ ollamaModel: 'llama3.2:3b', states: { OLLAMA_MODEL: 'inForce' } });
  });

  it('that is no name is told', () => {
    expect(look({ OLLAMA_MODEL: 'two words' })).toMatchObject({
      ollamaModel: null,
      values: [{ state: 'invalid', problem: { code: 'environment_invalid', params: { name: 'OLLAMA_MODEL' } } }],
    });
  });
});

describe('USE_OLLAMA', () => {
  it.each(['0', 'false', 'No', 'OFF'])('%s switches Ollama off', (text) => {
    expect(look({ USE_OLLAMA: text }).inForce.backends.switches).toEqual({ ollama: false });
  });

  it.each(['1', 'true', 'YES', 'on'])('%s says nothing more', (text) => {
    expect(look({ USE_OLLAMA: text })).toMatchObject({ inForce: settingsOf(), states: { USE_OLLAMA: 'inForce' } });
  });

  it('gives way to the switch, and is told when it is neither', () => {
    const own = look({ USE_OLLAMA: '0' }, { backends: { switches: { ollama: true, mlx: false } } });
    expect(own.inForce.backends.switches).toEqual({ ollama: true, mlx: false });
    expect(own.states).toEqual({ USE_OLLAMA: 'overridden' });
    const wrong = look({ USE_OLLAMA: 'maybe' });
    expect(wrong).toMatchObject({ inForce: settingsOf(), states: { USE_OLLAMA: 'invalid' } });
  });
});

describe('OLLAMA_TIMEOUT', () => {
  it.each([
    ['30', 30_000],
    ['0.5', 500],
    ['999', 999_000],
    ['1000', 1_000],
    ['45000', 45_000],
    ['30s', 30_000],
    ['2m', 120_000],
    ['1.5 min', 90_000],
    ['500ms', 500],
    ['5000s', null],
    ['50ms', null],
    ['0', null],
    ['-1', null],
    ['soon', null],
  ])('%s is %s ms', (text, ms) => {
    const { inForce, states } = look({ OLLAMA_TIMEOUT: text });
    expect(inForce.backends.limits).toEqual(ms === null ? {} : { ollama: { firstTokenMs: ms } });
    expect(states).toEqual({ OLLAMA_TIMEOUT: ms === null ? 'invalid' : 'inForce' });
  });

  it('gives way to that limit of the settings, and to no other', () => {
    const limits = { ollama: { connectMs: 700 }, mlx: { loadMs: 900 } };
    expect(look({ OLLAMA_TIMEOUT: '30' }, { backends: { limits } }).inForce.backends.limits).toEqual({
      ollama: { connectMs: 700, firstTokenMs: 30_000 },
      mlx: { loadMs: 900 },
    });
    const own = look({ OLLAMA_TIMEOUT: '30' }, { backends: { limits: { ollama: { firstTokenMs: 800 } } } });
    expect(own.inForce.backends.limits.ollama).toEqual({ firstTokenMs: 800 });
    expect(own.states).toEqual({ OLLAMA_TIMEOUT: 'overridden' });
  });
});

describe('an address for a purpose', () => {
  it.each([
    ['http://127.0.0.1:1234', 'http://127.0.0.1:1234/v1'],
    ['http://127.0.0.1:1234/v1#tiny', 'http://127.0.0.1:1234/v1#tiny'],
    ['https://gpu.lan/openai/v1/chat/completions', 'https://gpu.lan/openai/v1'],
    ['https://gpu.lan/api/v3#tiny', 'https://gpu.lan/api/v3#tiny'],
    ['http://127.0.0.1:8000/ask', 'query+http://127.0.0.1:8000/ask'],
    ['https://gpu.lan/v1beta', 'query+https://gpu.lan/v1beta'],
    ['http://gpu.lan:11434/api/chat', 'ollama://@gpu.lan:11434'],
    ['http://gpu.lan:11434/api/chat#tiny', 'ollama://tiny@gpu.lan:11434'],
    ['http://gpu.lan:11434/api/', 'ollama://@gpu.lan:11434'],
    ['http://gpu.lan:11434/API', 'ollama://@gpu.lan:11434'],
    ['http://gpu.lan:9000/api/generate', 'ollama://@gpu.lan:9000'],
    ['http://gpu.lan:9000/api/ask', 'query+http://gpu.lan:9000/api/ask'],
    ['http://gpu.lan:11434/v1/chat/completions/', 'http://gpu.lan:11434/v1'],
    ['http://gpu.lan:8000/V1/Models?x=1', 'http://gpu.lan:8000/v1'],
    ['http://gpu.lan/v1beta/openai/chat/completions', 'http://gpu.lan/v1beta/openai'],
    ['http://gpu.lan:11434/v1', 'http://gpu.lan:11434/v1'],
    ['"query+http://gpu.lan/v1"', 'query+http://gpu.lan/v1'],
    ['ollama://big:70b@gpu.lan', 'ollama://big:70b@gpu.lan:11434'],
    ['mlx://org/model', 'mlx://org/model'],
    ['llamacpp://models/tiny.gguf', `llamacpp://${path.join(CWD, 'models/tiny.gguf')}`],
  ])('%s is %s', (text, url) => {
    const { entries, values } = look({ LLM_CHAT_API_URL: text });
    expect(entries).toMatchObject([{ id: 'env-chat', url, origin: 'environment' }]);
    expect(entries[0]?.name).not.toBe('');
    expect(values).toMatchObject([{ state: 'inForce' }]);
  });

  it('comes before “choose for me”, and after a choice', () => {
    const env = { LLM_CHAT_API_URL: 'http://gpu.lan:8000/v1', OLLAMA_MODEL: 'tiny' };
    expect(look(env).inForce).toMatchObject({ backend: 'env-chat', model: null });
    // Beside “choose for me” stands a model of Ollama's.
    expect(look(env, { model: 'mine' })).toMatchObject({ ollamaModel: 'mine', inForce: { model: null } });
    const own = look(env, { backend: 'ollama' });
    expect(own.inForce).toMatchObject({ backend: 'ollama', model: 'tiny' });
    expect(own.states.LLM_CHAT_API_URL).toBe('overridden');
    expect(own.entries).toHaveLength(1);
    const off = look(env, { backends: { switches: { 'env-chat': false } } });
    expect(off.inForce.backend).toBe('auto');
    expect(off.states.LLM_CHAT_API_URL).toBe('overridden');
  });

  it('stands in for others only on this computer', () => {
    expect(look({ LLM_CHAT_API_URL: 'http://localhost:8000/v1' }).entries[0]?.standsIn).toBe(true);
    expect(look({ LLM_CHAT_API_URL: 'http://gpu.lan:8000/v1' }).entries[0]?.standsIn).toBe(false);
  });

  it('of all three is LLM_SERVICE_URL, and each of its own comes before it', () => {
    const env = { LLM_SERVICE_URL: 'http://gpu.lan:1/v1', LLM_FACTS_API_URL: 'http://gpu.lan:2/v1' };
    const { inForce, entries, states } = look(env);
    expect(inForce).toMatchObject({
      backend: 'env-service',
      purposes: { emotion: { backend: 'env-service', isOn: false }, facts: { backend: 'env-facts', isOn: false } },
    });
    expect(entries.map(({ id }) => id)).toEqual(['env-service', 'env-facts']);
    expect(states).toEqual({ LLM_SERVICE_URL: 'inForce', LLM_FACTS_API_URL: 'inForce' });
    const facts = { isOn: true, backend: 'ollama', model: null };
    const own = look(env, { backend: 'ollama', purposes: { facts, emotion: facts } });
    expect(own.inForce).toMatchObject({ backend: 'ollama', purposes: { facts, emotion: facts } });
    expect(own.states).toEqual({ LLM_SERVICE_URL: 'overridden', LLM_FACTS_API_URL: 'overridden' });
  });

  it('is one entry, however often it is named', () => {
    const env = {
      LLM_CHAT_API_URL: 'http://GPU.lan:8000',
      LLM_EMOTION_API_URL: 'http://gpu.lan:8000/v1/',
      LLM_FACTS_API_URL: 'http://gpu.lan:8000/v1#tiny',
    };
    const { entries, inForce } = look(env);
    expect(entries.map(({ id }) => id)).toEqual(['env-chat', 'env-facts']);
    expect(inForce.purposes).toMatchObject({ emotion: { backend: 'env-chat' }, facts: { backend: 'env-facts' } });
    const added = {
      id: 'mine',
      url: 'http://gpu.lan:8000/v1',
      name: 'GPU',
      hasKey: true,
      headerNames: [],
      standsIn: false,
    };
    const listed = look(env, { backends: { added: [added] } });
    expect(listed.entries.map(({ id }) => id)).toEqual(['env-facts']);
    expect(listed.inForce.backend).toBe('mine');
  });

  it('may be a backend that is there already', () => {
    expect(look({ LLM_CHAT_API_URL: 'ollama://big:70b' })).toMatchObject({
      entries: [],
      inForce: { backend: 'ollama', model: 'big:70b' },
    });
    expect(look({ LLM_CHAT_API_URL: 'ollama://big:70b' }, { model: 'mine' }).inForce.model).toBe('mine');
    expect(look({ LLM_FACTS_API_URL: 'ollama://small' }).inForce).toMatchObject({
      backend: 'auto',
      purposes: { facts: { backend: 'ollama', model: 'small' } },
    });
    expect(look({ LLM_CHAT_API_URL: 'mlx://' }).inForce.backend).toBe('mlx');
    expect(look({ LLM_CHAT_API_URL: 'llamacpp://' }).inForce.backend).toBe('llamacpp');
    expect(look({ LLM_CHAT_API_URL: 'demo://' }).inForce.backend).toBe('demo');
    expect(look({ LLM_CHAT_API_URL: 'local://' })).toMatchObject({ entries: [], inForce: { backend: 'auto' } });
  });

  it('that can’t be read is told, and leaves the word to LLM_SERVICE_URL', () => {
    const { inForce, values, entries } = look({
      LLM_CHAT_API_URL: 'http://me:secret@gpu.lan/v1',
      LLM_EMOTION_API_URL: 'gpu.lan',
      LLM_SERVICE_URL: 'http://gpu.lan/ask',
    });
    expect(inForce.backend).toBe('env-service');
    expect(entries).toHaveLength(1);
    expect(values.map(({ state }) => state)).toEqual(['inForce', 'invalid', 'invalid']);
    expect(values[1]?.problem?.code).toBe('backend_url_invalid');
    expect(JSON.stringify(values)).not.toContain('secret');
  });
});

it('whatever is set, nothing breaks and nothing is silent', () => {
  const NAMES = [
    'OLLAMA_BASE_URL',
    'OLLAMA_HOST',
    'OLLAMA_MODEL',
    'LLM_SERVICE_URL',
    'LLM_CHAT_API_URL',
    'LLM_EMOTION_API_URL',
    'LLM_FACTS_API_URL',
    'USE_OLLAMA',
    'OLLAMA_TIMEOUT',
  ];
  const text = fc.oneof(fc.string(), fc.webUrl(), fc.constantFrom('ollama://', 'demo://', 'mlx://', 'http://'));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...NAMES), text), (env) => {
      const { values, inForce } = look(env);
      const set = Object.entries(env).filter(([, value]) => value.trim().replaceAll(/^["']|["']$/g, '') !== '');
      expect(values.map(({ name }) => name).toSorted()).toEqual(set.map(([name]) => name).toSorted());
      for (const { state, problem } of values) expect(state === 'invalid').toBe(problem !== null);
      expect(settingsOf(inForce)).toEqual(inForce);
    }),
  );
});

it('a store in force tells the settings as they count, and writes them as they are', async () => {
  const raw = memorySettings();
  const store = settingsInForce(raw, readEnvironment({ OLLAMA_MODEL: 'tiny' }, CWD));
  const heard: (string | null)[] = [];
  const stop = store.onChange(({ model }) => heard.push(model));
  expect(store.get()).toBe(store.get());
  await store.set({ theme: 'dark' });
  expect(raw.get()).toMatchObject({ theme: 'dark', model: null });
  await raw.set({ model: 'mine' });
  stop();
  await raw.set({ model: null });
  expect(heard).toEqual(['tiny', 'mine']);
  expect(store.get().model).toBe('tiny');
});
