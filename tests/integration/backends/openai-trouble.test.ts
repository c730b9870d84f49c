// An OpenAI-compatible server in trouble: limits, aborts, and a code for everything that goes wrong.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import { createOpenAiBackend } from '../../../src/main/backends/openai/index.ts';
import { allOf, backendAt, openAi } from './remote-setup.ts';
import { atEnd, cleanUp, forever, hear, hello } from './setup.ts';

afterEach(cleanUp);

const KEY = 'sk-verysecret/with"quotes';

describe('what goes wrong has a code of its own', () => {
  it.each([
    ['a limit of requests', { kind: 'status', status: 429, body: '{"error":{"message":"slow down"}}' }, 'backend_busy'],
    ['an overload', { kind: 'status', status: 503, body: '' }, 'backend_busy'],
    ['a fault', { kind: 'status', status: 500, body: '{"error":{"message":"out of memory"}}' }, 'backend_failed'],
    ['another path', { kind: 'status', status: 404, body: '404', contentType: 'text/plain' }, 'backend_not_known'],
    ['a page with 404', { kind: 'status', status: 404, body: '<html>', contentType: 'text/html' }, 'backend_html'],
    ['a page', { kind: 'html' }, 'backend_html'],
    ['a refusal', { kind: 'status', status: 403, body: '' }, 'backend_refused'],
    ['nothing', { kind: 'empty' }, 'backend_empty'],
    ['a connection closed without a word', { kind: 'hang-up' }, 'backend_empty'],
  ] as const)('%s', async (_, fault, code) => {
    for (const delivery of ['stream', 'whole'] as const) {
      const server = await openAi({ fault });
      const { error, events } = await hear(backendAt(server.url).chat({ ...hello, delivery }, forever()));
      expect(error).toMatchObject({ code });
      expect(events).toEqual([]);
    }
  });

  it('a question longer than the server lets its model hold, with the numbers that it tells', async () => {
    const said = 'request (6000 tokens) exceeds the available context size (4096 tokens), try increasing it';
    const error = { code: 400, message: said, type: 'exceed_context_size_error', n_prompt_tokens: 6_000, n_ctx: 4_096 };
    const faults = [
      { kind: 'status', status: 400, body: JSON.stringify({ error }) },
      { kind: 'status', status: 200, body: JSON.stringify({ error }) },
      { kind: 'error', afterRecords: 0, error },
    ] as const;
    for (const fault of faults) {
      const server = await openAi({ fault });
      const heard = await hear(backendAt(server.url).chat(hello, forever()));
      expect(heard.error).toMatchObject({
        code: 'context_too_small',
        params: { set: 4_096, needed: 6_000, context: 'elsewhere' },
      });
    }
  });

  it.each([
    [
      'garbage instead of a stream',
      { kind: 'status', status: 200, body: '%PDF-1.7\nxref\n', contentType: 'text/plain' },
      'backend_garbage',
      '',
    ],
    [
      'garbage without end',
      { kind: 'lines', afterRecords: 0, text: '%PDF-1.7 and so on\n'.repeat(4_000) },
      'backend_garbage',
      '',
    ],
    ['a page instead of a stream', { kind: 'lines', afterRecords: 0, text: '<!doctype html>\n' }, 'backend_html', ''],
    ['an error first', { kind: 'error', afterRecords: 0, error: { message: 'no' } }, 'backend_failed', ''],
    ['an end before anything', { kind: 'end-early', afterRecords: 0 }, 'backend_empty', ''],
    ['a cut before anything', { kind: 'cut', afterRecords: 0 }, 'backend_empty', ''],
    [
      'garbage as data',
      { kind: 'lines', afterRecords: 3, text: 'data: {"choices":\n\n' },
      'backend_garbage',
      'Hello there',
    ],
    [
      'an error in the middle',
      { kind: 'error', afterRecords: 3, error: { message: 'no' } },
      'backend_failed',
      'Hello there',
    ],
    ['an error in words', { kind: 'error', afterRecords: 3, error: 'no' }, 'backend_failed', 'Hello there'],
    ['an end in the middle', { kind: 'end-early', afterRecords: 3 }, 'stream_cut', 'Hello there'],
    ['a cut in the middle', { kind: 'cut', afterRecords: 3 }, 'stream_cut', 'Hello there'],
  ] as const)('%s', async (_, fault, code, text) => {
    const server = await openAi({ fault });
    const heard = await hear(backendAt(server.url).chat(hello, forever()));
    expect(heard.error).toMatchObject({ code });
    expect(heard.text).toBe(text);
    expect(heard.events.some(({ type }) => type === 'done')).toBe(false);
  });

  it.each(['wörd\n', 'data: {"a":1}\n\n', 'event: ping\ndata: {}\n\n', 'data: null\n\n', 'data: {"choices":null}\n\n'])(
    'but what nobody knows in a good stream is passed over: %j',
    async (said) => {
      const server = await openAi({ fault: { kind: 'lines', afterRecords: 3, text: said }, splitBytes: 3 });
      const heard = await hear(backendAt(server.url).chat(hello, forever()));
      expect(heard).toMatchObject({ error: null, text: 'Hello there.' });
    },
  );

  it('in a whole answer too', async () => {
    const server = await openAi({ fault: { kind: 'cut', afterRecords: 0 } });
    const whole = () => hear(backendAt(server.url).chat({ ...hello, delivery: 'whole' }, forever()));
    expect((await whole()).error).toMatchObject({ code: 'backend_empty' });
    for (const [body, code] of [
      ['{"error":{"message":"no"}}', 'backend_failed'],
      ['{"a":1}', 'backend_garbage'],
      ['[]', 'backend_garbage'],
      ['{"choices":', 'backend_garbage'],
      ['{"choices":[]}', 'backend_empty'],
      ['', 'backend_empty'],
    ] as const) {
      server.set({ fault: { kind: 'status', status: 200, body } });
      expect((await whole()).error, body).toMatchObject({ code });
    }
  });

  it('a call that is not whole', async () => {
    const toolPieces = [{ index: 0, id: 'c', function: { name: 'f', arguments: '{"a":' } }];
    const server = await openAi({ answer: { pieces: [], toolPieces } });
    expect((await hear(backendAt(server.url).chat(hello, forever()))).error).toMatchObject({ code: 'backend_garbage' });
  });

  it('an answer whose rest was held back', async () => {
    const server = await openAi({ answer: { pieces: ['a'], finish: 'content_filter' } });
    const { error, text } = await hear(backendAt(server.url).chat(hello, forever()));
    expect(error).toMatchObject({ code: 'backend_failed' });
    expect(text).toBe('a');
  });

  it('a model that is not there, with what is', async () => {
    const server = await openAi({ models: [{ id: 'tiny' }, { id: 'other' }] });
    for (const delivery of ['stream', 'whole'] as const) {
      const { error } = await hear(backendAt(server.url).chat({ ...hello, model: 'nope', delivery }, forever()));
      expect(error).toMatchObject({
        code: 'model_not_found',
        params: { backend: 'Workstation', model: 'nope', installed: 'tiny, other' },
      });
    }
  });

  it('no model at all', async () => {
    const backend = backendAt((await openAi({ models: [] })).url);
    expect((await hear(backend.chat({ ...hello, model: null }, forever()))).error).toMatchObject({
      code: 'no_model_installed',
    });
  });

  it('nobody there', async () => {
    const server = await openAi();
    await server.close();
    expect((await hear(backendAt(server.url).chat(hello, forever()))).error).toMatchObject({
      code: 'backend_unreachable',
      message: expect.stringContaining(`No server answers at ${server.host}`),
    });
  });

  it('a key that is missing or refused, which is never repeated', async () => {
    const server = await openAi({ key: 'another' });
    const without = backendAt(server.url);
    expect((await hear(without.chat(hello, forever()))).error).toMatchObject({ code: 'backend_key_needed' });
    expect(await without.look(forever())).toMatchObject({
      state: 'unavailable',
      problem: { code: 'backend_key_needed' },
    });
    const wrong = backendAt(server.url, {}, { key: KEY, headers: { 'x-second': 'Token 0123456789' } });
    for (const delivery of ['stream', 'whole'] as const) {
      const { error } = await hear(wrong.chat({ ...hello, delivery }, forever()));
      expect(error).toMatchObject({ code: 'backend_key_refused', params: { status: 401 } });
      expect(allOf(error)).not.toContain('verysecret');
    }
    server.set({ key: null });
    for (const said of [
      { kind: 'status', status: 500, body: JSON.stringify({ error: { message: `bad ${KEY} 0123456789` } }) },
      { kind: 'status', status: 500, body: `bad ${KEY} 0123456789` },
      { kind: 'error', afterRecords: 2, error: { message: `bad ${KEY} 0123456789` } },
      { kind: 'status', status: 200, body: `bad ${KEY} 0123456789\n`, contentType: 'text/plain' },
    ] as const) {
      server.set({ fault: said });
      const { error } = await hear(wrong.chat(hello, forever()));
      expect(error).toBeInstanceOf(HearthError);
      expect(allOf(error)).not.toMatch(/verysecret|0123456789/);
    }
  });
});

describe('limits', () => {
  it.each([
    [
      'the first token, before the headers',
      { kind: 'no-headers' },
      { firstTokenMs: 250 },
      'backend_first_token_timeout',
    ],
    [
      'the first token, after an empty record',
      { kind: 'stall', afterRecords: 1 },
      { firstTokenMs: 250 },
      'backend_first_token_timeout',
    ],
    ['silence', { kind: 'stall', afterRecords: 2 }, { silenceMs: 250 }, 'backend_silent'],
  ] as const)('are kept for %s', async (_, fault, timeouts, code) => {
    const server = await openAi({ fault });
    const { error } = await hear(backendAt(server.url, timeouts).chat(hello, forever()));
    expect(error).toMatchObject({ code });
    await vi.waitFor(() => expect(server.chats()[0]).toMatchObject({ aborted: true }));
  });

  // About 30 tokens: a slow computer reads them in 1.5 s.
  const longer = { ...hello, messages: [{ role: 'user' as const, content: 'word '.repeat(24) }] };

  it('give a long prompt the time that a slow computer takes for it', async () => {
    const server = await openAi({ holdAt: 'headers' });
    const backend = backendAt(server.url, { firstTokenMs: 500 });
    const short = hear(backend.chat(hello, forever()));
    const long = hear(backend.chat(longer, forever()));
    expect((await short).error).toMatchObject({ code: 'backend_first_token_timeout' });
    server.release();
    expect(await long).toMatchObject({ error: null });
  });

  it.each([
    ['is well, only slow', { kind: 'no-headers' }, 'backend_too_slow'],
    ['hangs', { kind: 'no-headers', path: '/v1/models' }, 'backend_first_token_timeout'],
  ] as const)('tell of a server that did not read a long prompt in time whether it %s', async (_, fault, code) => {
    const server = await openAi({ fault, holdAt: 'headers' });
    const { error } = await hear(backendAt(server.url, { firstTokenMs: 50, connectMs: 100 }).chat(longer, forever()));
    expect(error).toMatchObject({ code, params: { seconds: 1.5 } });
  });

  it('give a whole answer, which is silent until it is written, the time of a load', async () => {
    const server = await openAi({ fault: { kind: 'no-headers' } });
    const backend = backendAt(server.url, { firstTokenMs: 20, loadMs: 60 });
    const { error } = await hear(backend.chat({ ...hello, delivery: 'whole' }, forever()));
    expect(error).toMatchObject({ code: 'backend_first_token_timeout', params: { seconds: 0.06 } });
  });

  it('do not wait for what may follow the reason of the end', async () => {
    const server = await openAi({ answer: { pieces: ['a'] }, fault: { kind: 'stall', afterRecords: 3 } });
    const { events, error } = await hear(backendAt(server.url).chat(hello, forever()));
    expect(error).toBeNull();
    expect(events.at(-1)).toMatchObject({ type: 'done', reason: 'stop', usage: { answerTokens: null } });
  });

  it('are those of a load while the server says that it is loading', async () => {
    const loading = { kind: 'status', status: 503, body: '{"error":{"code":503,"message":"Loading model"}}' } as const;
    const server = await openAi({ fault: { ...loading, times: 2 } });
    const limits = { connectMs: 5_000, firstTokenMs: 10_000, loadMs: 60_000, silenceMs: 10_000 };
    const at = (timeouts: typeof limits) => {
      const access = () => Promise.resolve({ key: null, headers: {} });
      const options = { id: 'b1' as never, label: 'W', access, timeouts: () => timeouts, loadingPollMs: 5 };
      const backend = createOpenAiBackend({ base: server.url, host: server.host, model: null }, options);
      atEnd(() => backend.stop?.());
      return backend;
    };
    const { events, error } = await hear(at(limits).chat(hello, forever()));
    expect(error).toBeNull();
    expect(events.map(({ type }) => type)).toEqual(['loading', 'text', 'text', 'text', 'done']);
    server.set({ fault: loading });
    expect((await hear(at({ ...limits, loadMs: 50 }).chat(hello, forever()))).error).toMatchObject({
      code: 'backend_load_timeout',
    });
    server.set({ fault: { ...loading, path: '/v1/models' } });
    expect(await at(limits).look(forever())).toMatchObject({ state: 'starting', problem: null });
  });
});

describe('an abort reaches the server', () => {
  it.each([
    ['before the headers', 'headers', 'stream'],
    ['before the first token', 1, 'stream'],
    ['in the middle', 3, 'stream'],
    ['before a whole answer', 'headers', 'whole'],
  ] as const)('%s', async (_, holdAt, delivery) => {
    const server = await openAi({ holdAt });
    const stop = new AbortController();
    const heard = hear(backendAt(server.url).chat({ ...hello, delivery }, stop.signal));
    await server.held();
    expect(server.chats()[0]).toMatchObject({ aborted: false });
    stop.abort();
    expect((await heard).error).toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(server.chats()[0]).toMatchObject({ aborted: true }));
  });

  it('when the reader leaves', async () => {
    const server = await openAi({ holdAt: 3 });
    for await (const event of backendAt(server.url).chat(hello, forever())) if (event.type === 'text') break;
    await vi.waitFor(() => expect(server.chats()[0]).toMatchObject({ aborted: true }));
  });

  it('and asks nothing when it came before', async () => {
    const server = await openAi();
    for (const delivery of ['stream', 'whole'] as const) {
      const { error } = await hear(backendAt(server.url).chat({ ...hello, delivery }, AbortSignal.abort()));
      expect(error).toMatchObject({ code: 'cancelled' });
    }
    expect(server.requests).toEqual([]);
  });
});
