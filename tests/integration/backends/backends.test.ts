// Which engine a question goes to, what stands in for it, and what is told about it.
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, at, notice, nowhere, open } from './scene.ts';
import { cleanUp, forever, replay } from './setup.ts';

afterEach(cleanUp);

describe('auto', () => {
  it('asks the Ollama that is there', async () => {
    const server = await replay({ answer: { tokens: ['from ', 'ollama'] } });
    const { backends } = open(at(server.url));
    const { sources, text, types, error } = await ask(backends);
    expect(error).toBeNull();
    expect(text).toBe('from ollama');
    expect(types[0]).toBe('source');
    expect(sources).toEqual([
      {
        kind: 'ollama',
        label: 'Ollama',
        model: 'tiny:latest',
        url: `ollama://tiny:latest@127.0.0.1:${server.port}`,
        host: `127.0.0.1:${server.port}`,
        skipped: [],
      },
    ]);
  });

  it('finds it by OLLAMA_HOST', async () => {
    const server = await replay({ answer: { tokens: ['ok'] } });
    const { backends } = open({}, { env: { OLLAMA_HOST: `0.0.0.0:${server.port}` } });
    expect((await ask(backends)).text).toBe('ok');
  });

  it('asks the built-in engine when no Ollama answers, and says why', async () => {
    const { backends } = open(at(await nowhere()), { models: ['small'] });
    const { sources, text } = await ask(backends);
    expect(text).toBe('built-in small');
    expect(sources[0]).toMatchObject({
      kind: 'llamacpp',
      skipped: [{ kind: 'ollama', reason: { code: 'backend_unreachable' } }],
    });
  });

  it('asks the demo when there is nothing else, and says why', async () => {
    const { backends } = open(at(await nowhere()));
    const plan = await backends.plan({}, forever());
    expect(plan.candidates.map(({ kind }) => kind)).toEqual(['demo']);
    expect(plan.skipped).toMatchObject([
      { kind: 'ollama', label: 'Ollama', reason: { code: 'backend_unreachable' } },
      { kind: 'llamacpp', reason: { code: 'no_model_installed' } },
    ]);
    expect(plan).toMatchObject({ lane: 'demo', concurrency: 8, model: null });
    const { sources, text } = await ask(backends);
    expect(text).toContain(notice);
    expect(sources).toMatchObject([{ kind: 'demo', url: 'demo://', host: null, model: null, skipped: plan.skipped }]);
  });

  it('goes past an Ollama without a model', async () => {
    const server = await replay({ models: [] });
    const { backends } = open(at(server.url));
    const { sources } = await ask(backends);
    expect(sources[0]?.skipped[0]).toMatchObject({ kind: 'ollama', reason: { code: 'no_model_installed' } });
  });

  it('refuses when nothing can answer and demo replies are off', async () => {
    const { backends } = open({ ...at(await nowhere()), ifNothingAnswers: 'say' });
    const { error } = await ask(backends);
    expect(error).toMatchObject({
      code: 'no_backend',
      message: expect.stringContaining('Ollama: No Ollama answers at 127.0.0.1'),
    });
  });

  it('finds an Ollama that was started a minute ago by itself', async () => {
    const first = await replay({ answer: { tokens: ['here ', 'now'] } });
    await first.close();
    const { backends } = open(at(first.url));
    backends.start();
    expect((await ask(backends)).sources[0]?.kind).toBe('demo');
    await replay({ port: first.port, answer: { tokens: ['here ', 'now'] } });
    expect((await ask(backends)).text).toBe('here now');
    expect(backends.status()).toMatchObject({ chosen: { kind: 'ollama', model: 'tiny:latest' } });
  });
});

describe('before the first token', () => {
  it.each([
    ['is busy', { kind: 'busy' }, 'backend_busy'],
    ['closes the connection', { kind: 'hang-up' }, 'backend_empty'],
    ['answers garbage', { kind: 'status', status: 200, body: '%PDF-1.7' }, 'backend_garbage'],
    ['has too little memory', { kind: 'status', status: 500, body: '{"error":"out of memory"}' }, 'memory_short'],
    ['fails', { kind: 'status', status: 500, body: '{"error":"no luck"}' }, 'backend_failed'],
    ['does not answer in time', { kind: 'no-headers', path: '/api/ps' }, 'backend_first_token_timeout'],
  ] as const)(
    'an Ollama that %s is the error; where the demo was chosen it stands in, with it',
    async (_, fault, code) => {
      const isHung = fault.kind === 'no-headers';
      const server = await replay({ fault, ...(isHung ? { holdAfterRecords: 0 } : {}) });
      const { backends, settings } = open({ ...at(server.url), timeouts: { firstTokenMs: 150 } });
      const failed = await ask(backends);
      expect(failed).toMatchObject({ text: '', error: { code } });
      expect(failed.sources.at(-1)).toMatchObject({ kind: 'ollama', skipped: [{ kind: 'llamacpp' }] });
      await settings.set({ ifNothingAnswers: 'demo' });
      const { sources, text, error } = await ask(backends, { isRetry: true });
      expect(error).toBeNull();
      expect(text).toContain(notice);
      expect(sources.map(({ kind }) => kind)).toEqual(['ollama', 'demo']);
      expect(sources[1]?.skipped.find(({ kind }) => kind === 'ollama')?.reason.code).toBe(code);
    },
  );

  it('the error is the answer when nobody can stand in', async () => {
    const server = await replay({ fault: { kind: 'busy' } });
    const { backends } = open({ ...at(server.url), ifNothingAnswers: 'say' });
    expect((await ask(backends)).error).toMatchObject({ code: 'backend_busy' });
  });

  it('an abort asks nobody else', async () => {
    const server = await replay({ fault: { kind: 'no-headers' } });
    const { backends } = open(at(server.url));
    const controller = new AbortController();
    const asked = ask(backends, {}, controller.signal);
    await vi.waitFor(() => expect(server.requestsTo('/api/chat')).toHaveLength(1));
    controller.abort();
    const { sources, error } = await asked;
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(sources.map(({ kind }) => kind)).toEqual(['ollama']);
    await vi.waitFor(() => expect(server.requestsTo('/api/chat')[0]?.aborted).toBe(true));
  });
});

it('after the first token a failure is final', async () => {
  const server = await replay({ fault: { kind: 'cut', afterRecords: 2 } });
  const { backends } = open(at(server.url), { models: ['small'] });
  const { sources, types, error } = await ask(backends);
  expect(error).toMatchObject({ code: 'stream_cut', message: expect.stringContaining('kept') as string });
  expect(sources).toHaveLength(1);
  expect(types).toEqual(['source', 'text', 'text']);
});

describe('a choice in the settings', () => {
  it('of Ollama falls back to the next of the list, or to none where the user wants that', async () => {
    const { backends, settings } = open({ ...at(await nowhere()), backend: 'ollama' }, { models: ['small'] });
    const { sources } = await ask(backends);
    expect(sources).toMatchObject([{ kind: 'llamacpp', skipped: [{ kind: 'ollama' }] }]);
    await settings.set({ ifFails: 'stop' });
    expect((await ask(backends)).error).toMatchObject({ code: 'backend_unreachable' });
  });

  it('of the built-in engine or the demo is followed, whatever else is there', async () => {
    const server = await replay();
    const { backends, settings } = open({ ...at(server.url), backend: 'llamacpp' }, { models: ['small'] });
    expect((await ask(backends)).text).toBe('built-in small');
    await settings.set({ backend: 'demo' });
    expect((await ask(backends)).sources).toMatchObject([{ kind: 'demo', skipped: [] }]);
    expect(server.requestsTo('/api/chat')).toHaveLength(0);
  });

  it('of a model is kept to: one that is missing is an error that names what is there', async () => {
    const server = await replay();
    const { backends } = open({ ...at(server.url), model: 'gone:7b' });
    const { error, sources } = await ask(backends);
    expect(error).toMatchObject({ code: 'model_not_found', params: { model: 'gone:7b' } });
    expect(error).toMatchObject({ message: expect.stringContaining('tiny:latest') });
    expect(sources).toHaveLength(1);
  });

  it('that changes is looked at anew', async () => {
    const one = await replay({ models: [{ name: 'one:1b' }] });
    const two = await replay({ models: [{ name: 'two:2b' }] });
    const { backends, settings } = open(at(one.url));
    backends.start();
    await vi.waitFor(() => expect(backends.status().chosen.model).toBe('one:1b'));
    await settings.set(at(two.url));
    await vi.waitFor(() => expect(backends.status().chosen.model).toBe('two:2b'));
    expect(backends.status().backends[0]).toMatchObject({ host: `127.0.0.1:${two.port}`, state: 'ready' });
  });

  it('that is no address says so', async () => {
    const { backends } = open(at('gpu.lan:0'));
    await backends.check();
    expect(backends.status().backends[0]).toMatchObject({
      state: 'unavailable',
      problem: { code: 'backend_url_invalid', params: { url: 'gpu.lan:0' } },
    });
  });
});

describe('a wish for one question', () => {
  it('for a server by URL goes there and nowhere else', async () => {
    const home = await replay();
    const away = await replay({ answer: { tokens: ['away'] }, models: [{ name: 'big:70b' }] });
    const { backends } = open(at(home.url), { models: ['small'] });
    const { text, sources } = await ask(backends, { backend: `ollama://big:70b@127.0.0.1:${away.port}` });
    expect(text).toBe('away');
    expect(sources[0]).toMatchObject({ model: 'big:70b', host: `127.0.0.1:${away.port}` });
    // Without a model: the newest there.
    expect((await ask(backends, { backend: `ollama://@127.0.0.1:${away.port}` })).sources.at(-1)?.model).toBe(
      'big:70b',
    );
    await away.close();
    const { error } = await ask(backends, { backend: `ollama://big:70b@127.0.0.1:${away.port}` });
    expect(error).toMatchObject({ code: 'backend_unreachable' });
    expect(home.requestsTo('/api/chat')).toHaveLength(0);
  });

  it('for a model file goes to the built-in engine', async () => {
    const { backends } = open(at(await nowhere()));
    const file = path.resolve('/projects/here', 'models/tiny.gguf');
    expect((await ask(backends, { backend: 'llamacpp://models/tiny.gguf' })).text).toBe(`built-in ${file}`);
    expect((await ask(backends, { backend: 'llamacpp://tiny' })).text).toBe('built-in tiny');
    expect((await ask(backends, { model: './models/tiny.gguf' })).text).toBe('built-in ./models/tiny.gguf');
  });

  it('for a model goes to the engine that has it, and names what is there when none has', async () => {
    const server = await replay({ answer: { tokens: ['ollama'] } });
    const { backends } = open(at(server.url), { models: ['small'] });
    expect((await ask(backends, { model: 'tiny' })).text).toBe('ollama');
    expect((await ask(backends, { model: 'small' })).text).toBe('built-in small');
    const { error, sources } = await ask(backends, { model: 'nope' });
    expect(error).toMatchObject({ code: 'model_not_found', params: { model: 'nope' } });
    expect(sources.map(({ kind }) => kind)).toEqual(['ollama']);
  });

  it('for a model whose name has slashes goes to the Ollama that has it, or says what it has', async () => {
    const server = await replay({ answer: { tokens: ['ollama'] }, models: [{ name: 'hf.co/someone/model:Q4' }] });
    const { backends } = open(at(server.url));
    expect((await ask(backends, { model: 'hf.co/someone/model:Q4' })).text).toBe('ollama');
    const { error } = await ask(backends, { model: 'hf.co/someone/other' });
    expect(error).toMatchObject({ code: 'model_not_found', params: { installed: 'hf.co/someone/model:Q4' } });
  });

  it('for the demo goes to the demo; local:// chooses', async () => {
    const server = await replay({ answer: { tokens: ['ollama'] } });
    const { backends } = open({ ...at(server.url), backend: 'demo' });
    expect((await ask(backends, { backend: 'demo://' })).sources).toMatchObject([{ kind: 'demo', skipped: [] }]);
    expect((await ask(backends, { backend: 'local://' })).text).toBe('ollama');
  });

  it('that can not be read is refused', async () => {
    const { backends } = open({});
    await expect(backends.plan({ backend: 'openai://gpt' }, forever())).rejects.toMatchObject({
      code: 'backend_url_invalid',
      params: { url: 'openai://gpt' },
    });
  });
});

describe('the status', () => {
  it('begins with checking, tells every change, and the order of the chain', async () => {
    const server = await replay();
    const off = { backend: 'llamacpp', backends: { switches: { ollama: false } } };
    const { backends } = open({ ...at(server.url), ...off }, { models: ['small'] });
    expect(backends.status()).toMatchObject({
      backends: [{ kind: 'ollama', state: 'off' }, { kind: 'llamacpp', state: 'checking' }, {}],
      isChecking: false,
    });
    const seen: boolean[] = [];
    const stop = backends.onChange((status) => seen.push(status.isChecking));
    await backends.check();
    stop();
    expect(seen[0]).toBe(true);
    expect(seen.at(-1)).toBe(false);
    expect(backends.status()).toMatchObject({
      backends: [
        { kind: 'ollama', state: 'off', version: '0.0.0' },
        { kind: 'llamacpp', state: 'asleep' },
        { kind: 'demo', state: 'ready' },
      ],
      chosen: { id: 'llamacpp', kind: 'llamacpp', label: 'Built-in engine', model: 'small' },
      isChecking: false,
    });
    const count = seen.length;
    await backends.check();
    expect(seen).toHaveLength(count);
  });

  it('of an engine that was asleep is looked at again when it has answered', async () => {
    const { backends } = open({ backend: 'llamacpp' }, { models: ['small'] });
    await backends.check();
    const looks: (number | null)[] = [];
    backends.onChange(({ backends: [, one] }) => looks.push(one?.lastAnswerAtMs ?? null));
    await ask(backends);
    await expect.poll(() => looks.some((at) => at !== null)).toBe(true);
  });

  it('shares one look among all who ask for it', async () => {
    const server = await replay();
    const { backends } = open(at(server.url));
    await Promise.all([backends.check(), backends.check(), backends.plan({}, forever())]);
    expect(server.requestsTo('/api/version')).toHaveLength(1);
  });

  it('of a server that hangs does not hold a question longer than the limit', async () => {
    const server = await replay({ fault: { kind: 'no-headers', path: '/api/version' } });
    const { backends } = open({ ...at(server.url), timeouts: { connectMs: 150 } });
    expect((await ask(backends)).error).toMatchObject({ code: 'backend_no_answer' });
  });
});

it('stopping twice is stopping once, and ends what runs', async () => {
  const server = await replay();
  const { backends } = open(at(server.url));
  backends.start();
  await backends.check();
  await Promise.all([backends.stop(), backends.stop()]);
  await expect(backends.check()).resolves.toMatchObject({ isChecking: false });
});
