// A query service as a backend: one question, one answer, and a code for everything that goes wrong.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ChatRequest } from '../../../src/main/backends/interface.ts';
import { allOf, backendAt, query } from './remote-setup.ts';
import { cleanUp, forever, hear, hello } from './setup.ts';

afterEach(cleanUp);

const at = (server: { url: string }, ...rest: [Parameters<typeof backendAt>[1]?, Parameters<typeof backendAt>[2]?]) =>
  backendAt(`query+${server.url}`, ...rest);

const conversation: ChatRequest = {
  model: null,
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'first' },
    { role: 'assistant', content: 'yes' },
    { role: 'user', content: 'second' },
  ],
};

describe('an answer', () => {
  it('is one piece, with measured times and no counts', async () => {
    const server = await query();
    const { events, error } = await hear(at(server).chat(hello, forever()));
    expect(error).toBeNull();
    expect(events).toEqual([
      { type: 'text', text: 'Hello there.' },
      {
        type: 'done',
        reason: 'stop',
        usage: {
          promptTokens: null,
          answerTokens: null,
          loadMs: null,
          answerMs: null,
          firstTokenMs: expect.any(Number),
          totalMs: expect.any(Number),
        },
      },
    ]);
    expect(server.questions()).toMatchObject([{ path: '/ask', body: { query: 'hello' } }]);
    expect(server.questions()[0]?.body).toEqual({ query: 'hello' });
  });

  it('is to the last question alone, and says that there was more', async () => {
    const server = await query();
    const { events } = await hear(at(server).chat(conversation, forever()));
    expect(server.questions()[0]?.body).toEqual({ query: 'second' });
    expect(events.at(-1)).toMatchObject({ type: 'done', usage: { wasPromptCut: true } });
    const messages = [{ role: 'user' as const, content: 'what is this?', images: ['iVBORw0KGgo'] }];
    const shown = await hear(at(server).chat({ model: null, messages }, forever()));
    expect(shown.events.at(-1)).toMatchObject({ type: 'done', usage: { wasPromptCut: true } });
  });

  it.each([
    ['JSON', 'application/json', JSON.stringify({ answer: 'Grüße 日本語 👩‍👩‍👧‍👦' })],
    ['plain text', 'text/plain; charset=utf-8', 'Grüße 日本語 👩‍👩‍👧‍👦'],
  ])('survives being split anywhere, as %s', async (_, contentType, body) => {
    const server = await query({ contentType, body, splitBytes: 1 });
    expect((await hear(at(server).chat(hello, forever()))).text).toBe('Grüße 日本語 👩‍👩‍👧‍👦');
  });

  it('of a megabyte arrives whole', async () => {
    const answer = '·'.repeat(1024 * 1024);
    const server = await query({ body: JSON.stringify({ answer }) });
    expect((await hear(at(server).chat(hello, forever()))).text === answer).toBe(true);
  });

  it('is given a hundred times at once', async () => {
    const server = await query();
    const backend = at(server);
    const heard = await Promise.all(Array.from({ length: 100 }, () => hear(backend.chat(hello, forever()))));
    expect(heard.map(({ text }) => text)).toEqual(heard.map(() => 'Hello there.'));
  });

  it('is asked for with key and headers of the user', async () => {
    const server = await query({ key: 'mine' });
    const { error } = await hear(at(server, {}, { key: 'mine', headers: { 'X-Team': 'desk' } }).chat(hello, forever()));
    expect(error).toBeNull();
    expect(server.questions()[0]?.headers).toMatchObject({ authorization: 'Bearer mine', 'x-team': 'desk' });
  });
});

describe('what goes wrong has a code of its own', () => {
  const json = 'application/json';
  it.each([
    ['a page', { kind: 'html' }, 'backend_html'],
    ['nothing', { kind: 'empty' }, 'backend_empty'],
    ['a connection closed without a word', { kind: 'hang-up' }, 'backend_empty'],
    ['a cut in the middle', { kind: 'cut' }, 'stream_cut'],
    ['another path', { kind: 'status', status: 404, body: 'not here', contentType: 'text/plain' }, 'backend_failed'],
    ['a page with 404', { kind: 'status', status: 404, body: '<html>', contentType: 'text/html' }, 'backend_html'],
    ['an overload', { kind: 'status', status: 503, body: '' }, 'backend_busy'],
    ['a fault', { kind: 'status', status: 500, body: '{"error":"boom"}' }, 'backend_failed'],
    ['a refusal', { kind: 'status', status: 403, body: '' }, 'backend_refused'],
    [
      'an error with status 200',
      { kind: 'status', status: 200, body: '{"error":"boom"}', contentType: json },
      'backend_failed',
    ],
    ['JSON without an answer', { kind: 'status', status: 200, body: '{"a":1}', contentType: json }, 'backend_garbage'],
    ['half of a JSON', { kind: 'status', status: 200, body: '{"answer":"a', contentType: json }, 'backend_garbage'],
    ['blank text', { kind: 'status', status: 200, body: ' \n', contentType: 'text/plain' }, 'backend_empty'],
  ] as const)('%s', async (_, fault, code) => {
    const server = await query({ fault });
    const { error, events } = await hear(at(server).chat(hello, forever()));
    expect(error).toMatchObject({ code });
    expect(events).toEqual([]);
  });

  it('an answer that is too long to be one', async () => {
    const server = await query({ contentType: 'text/plain', body: 'x'.repeat(10 * 1024 * 1024 + 1) });
    const { error } = await hear(at(server).chat(hello, forever()));
    expect(error).toMatchObject({ code: 'backend_failed', message: expect.stringContaining('10 MB') });
    await vi.waitFor(() => expect(server.questions()[0]?.finished || server.questions()[0]?.aborted).toBe(true));
  });

  it('nobody there', async () => {
    const server = await query();
    await server.close();
    expect((await hear(at(server).chat(hello, forever()))).error).toMatchObject({ code: 'backend_unreachable' });
  });

  it('a key that is missing or refused, which is never repeated', async () => {
    const server = await query({ key: 'another' });
    expect((await hear(at(server).chat(hello, forever()))).error).toMatchObject({ code: 'backend_key_needed' });
    const wrong = at(server, {}, { key: 'sk-verysecret' });
    expect((await hear(wrong.chat(hello, forever()))).error).toMatchObject({ code: 'backend_key_refused' });
    server.set({ key: null, fault: { kind: 'status', status: 500, body: '{"error":"bad sk-verysecret"}' } });
    const { error } = await hear(wrong.chat(hello, forever()));
    expect(error).toMatchObject({ code: 'backend_failed' });
    expect(allOf(error)).not.toContain('verysecret');
  });
});

describe('limits', () => {
  it.each([
    ['the headers', { kind: 'no-headers' }, { firstTokenMs: 100, loadMs: 250 }, 'backend_first_token_timeout'],
    ['silence in the body', { kind: 'stall' }, { silenceMs: 250 }, 'backend_silent'],
  ] as const)('are kept for %s', async (_, fault, timeouts, code) => {
    const server = await query({ fault });
    expect((await hear(at(server, timeouts).chat(hello, forever()))).error).toMatchObject({ code });
    await vi.waitFor(() => expect(server.questions()[0]).toMatchObject({ aborted: true }));
  });

  it.each(['headers', 'middle'] as const)('and an abort reaches the server: %s', async (holdAt) => {
    const server = await query({ holdAt });
    const stop = new AbortController();
    const heard = hear(at(server).chat(hello, stop.signal));
    await server.held();
    stop.abort();
    expect((await heard).error).toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(server.questions()[0]).toMatchObject({ aborted: true }));
  });
});

describe('a look', () => {
  it('counts any answer, and never asks', async () => {
    const server = await query();
    const backend = at(server);
    expect(await backend.look(forever())).toEqual({
      state: 'ready',
      url: `query+${server.url}`,
      host: server.host,
      isOwned: false,
      version: null,
      latencyMs: expect.any(Number),
      models: [],
      problem: null,
    });
    expect(server.requests.map(({ method }) => method)).toEqual(['HEAD']);
    expect(await backend.models(forever())).toEqual([]);
    expect(backend.modelFor('any')).toBeNull();
    expect(backend.lane).toBe(`query:${server.host}`);
  });

  it('tells when nobody is there, and never rejects', async () => {
    const server = await query();
    await server.close();
    expect(await at(server).look(forever())).toMatchObject({
      state: 'unavailable',
      problem: { code: 'backend_unreachable' },
    });
    expect(await at(server).look(AbortSignal.abort())).toMatchObject({ state: 'unavailable' });
  });
});
