// Variables of the environment at work: what they name is asked, and the settings screen is told.
import { afterEach, describe, expect, it } from 'vitest';
import { ask, at, nowhere, open } from './scene.ts';
import { startScriptedOpenAi } from '../../support/scripted-openai.ts';
import { startScriptedQuery } from '../../support/scripted-query.ts';
import { atEnd, cleanUp, forever, replay } from './setup.ts';

afterEach(cleanUp);

describe('a server that a variable names', () => {
  it.each(['LLM_CHAT_API_URL', 'LLM_SERVICE_URL'])('by %s is the first choice', async (name) => {
    const home = await replay();
    const away = await replay({ answer: { tokens: ['away'] }, models: [{ name: 'big:70b' }] });
    const url = `ollama://big:70b@127.0.0.1:${away.port}`;
    const { backends, settings } = open(at(home.url), { env: { [name]: url } });
    const id = name === 'LLM_CHAT_API_URL' ? 'env-chat' : 'env-service';
    const { text, sources } = await ask(backends);
    expect(text).toBe('away');
    expect(sources).toMatchObject([{ model: 'big:70b', label: `127.0.0.1:${away.port}`, skipped: [] }]);
    expect(home.requestsTo('/api/chat')).toHaveLength(0);
    expect(backends.status()).toMatchObject({
      chosen: { id },
      environment: [{ name, value: url, state: 'inForce', problem: null }],
    });
    expect(backends.status().backends.map((one) => [one.id, one.origin])).toContainEqual([id, 'environment']);

    // The user's own choice comes first, from the next question on.
    await settings.set({ backend: 'ollama' });
    expect((await ask(backends)).sources).toMatchObject([{ host: `127.0.0.1:${home.port}` }]);
    // The other one still says where facts and tones would come from.
    const state = name === 'LLM_CHAT_API_URL' ? 'overridden' : 'inForce';
    expect(backends.status().environment).toMatchObject([{ state }]);
    await settings.set({ backend: 'auto', backends: { switches: { [id]: false } } });
    expect((await ask(backends)).sources).toMatchObject([{ host: `127.0.0.1:${home.port}` }]);
  });

  it('by a plain web address is what its path says', async () => {
    const ollama = await replay();
    const openai = await startScriptedOpenAi();
    const query = await startScriptedQuery();
    atEnd(() => Promise.all([openai.close(), query.close()]));
    const chat = open(at(ollama.url), { env: { LLM_CHAT_API_URL: openai.url } });
    expect(await ask(chat.backends)).toMatchObject({
      text: 'Hello there.',
      sources: [{ kind: 'openai', skipped: [] }],
    });
    const all = open(at(ollama.url), { env: { LLM_SERVICE_URL: query.url } });
    expect(await ask(all.backends)).toMatchObject({ text: 'Hello there.', sources: [{ kind: 'query', skipped: [] }] });
    const plan = await all.backends.plan({ purpose: 'facts' }, forever());
    expect(plan.candidates.map(({ id }) => id)).toEqual(['env-service']);
    expect(ollama.requestsTo('/api/chat')).toHaveLength(0);
  });

  it('and does not answer makes way for the others, with its reason', async () => {
    const home = await replay({ answer: { tokens: ['home'] } });
    const gone = new URL(await nowhere()).host;
    const { backends } = open(at(home.url), { env: { LLM_CHAT_API_URL: `ollama://big@${gone}` } });
    const { text, sources } = await ask(backends);
    expect(text).toBe('home');
    expect(sources.at(-1)?.skipped).toMatchObject([{ label: gone, reason: { code: 'backend_unreachable' } }]);
  });
});

it('a model file that a variable names is asked by the built-in engine', async () => {
  const { backends } = open(at(await nowhere()), {
    models: ['small'],
    env: { LLM_CHAT_API_URL: 'llamacpp://big.gguf' },
  });
  expect((await ask(backends)).text).toMatch(/^built-in .*big\.gguf$/);
  expect(backends.status().chosen).toMatchObject({ id: 'env-chat', kind: 'llamacpp', label: 'big.gguf' });
});

it('OLLAMA_BASE_URL, OLLAMA_MODEL and USE_OLLAMA say where Ollama is, what it is asked for, and whether', async () => {
  const server = await replay({ models: [{ name: 'one:1b' }, { name: 'two:2b' }] });
  const env = { OLLAMA_BASE_URL: server.url, OLLAMA_HOST: await nowhere(), OLLAMA_MODEL: 'one:1b' };
  const found = await ask(open({}, { env }).backends);
  expect(found.sources).toMatchObject([{ host: `127.0.0.1:${server.port}`, model: 'one:1b' }]);

  const { backends, settings } = open({}, { env: { ...env, USE_OLLAMA: 'no' } });
  const { sources } = await ask(backends);
  expect(sources.at(-1)?.kind).toBe('demo');
  expect(backends.status().backends.find(({ id }) => id === 'ollama')?.state).toBe('off');
  await settings.set({ backends: { switches: { ollama: true } } });
  expect((await ask(backends)).sources).toMatchObject([{ model: 'one:1b' }]);
});

it('what can’t be read is told and changes nothing else', async () => {
  const server = await replay();
  const { backends } = open(at(server.url), { env: { LLM_CHAT_API_URL: 'gpu.lan', OLLAMA_TIMEOUT: 'soon' } });
  expect((await ask(backends)).sources).toMatchObject([{ kind: 'ollama' }]);
  expect(backends.status().environment).toMatchObject([
    { name: 'LLM_CHAT_API_URL', state: 'invalid', problem: { code: 'backend_url_invalid' } },
    { name: 'OLLAMA_TIMEOUT', state: 'invalid', problem: { code: 'environment_invalid' } },
  ]);
  await expect(backends.plan({ backend: 'env-chat' }, forever())).rejects.toMatchObject({
    code: 'backend_url_invalid',
  });
});
