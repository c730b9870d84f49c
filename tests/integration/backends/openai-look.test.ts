// An OpenAI-compatible server looked at, and its vectors.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import { recording } from '../../support/replay-ollama/recordings.ts';
import { type Call, forever as holding, sendWhole, startScriptedServer } from '../../support/scripted-server.ts';
import { backendAt, openAi } from './remote-setup.ts';
import { atEnd, cleanUp, forever } from './setup.ts';

afterEach(cleanUp);

describe('a look', () => {
  it('tells models, latency and engine', async () => {
    const server = await openAi({ models: [{ id: 'tiny', owned_by: 'vllm' }, { id: 'text-embedding-x' }] });
    const backend = backendAt(server.url);
    expect(await backend.look(forever())).toEqual({
      state: 'ready',
      url: `${server.url}#tiny`,
      host: server.host,
      isOwned: false,
      version: 'vLLM',
      latencyMs: expect.any(Number),
      models: [expect.objectContaining({ name: 'tiny' })],
      problem: null,
    });
    expect(backend.modelFor(null)).toBe('tiny');
    expect(backend.lane).toBe(`openai:${server.host}`);
  });

  it('reads the list of a real server', async () => {
    const body = recording('v1-models').response.lines[0]?.text ?? '';
    const server = await openAi({ fault: { kind: 'status', status: 200, body, path: '/v1/models' } });
    const { models } = await backendAt(server.url).look(forever());
    expect(models.map(({ name }) => name)).toEqual(['tiny:latest', '127.0.0.1:5002/library/tiny:latest']);
  });

  it('counts a server without a list ready, with the model of the address or none', async () => {
    const server = await openAi({ models: null });
    expect(await backendAt(`${server.url}#tiny`).look(forever())).toMatchObject({ state: 'ready', problem: null });
    expect(await backendAt(server.url).look(forever())).toMatchObject({
      state: 'ready',
      problem: { code: 'no_model_installed' },
    });
  });

  it.each([
    ['a page', { kind: 'html' }, 'backend_html'],
    ['a page with 404', { kind: 'status', status: 404, body: '<html>', contentType: 'text/html' }, 'backend_html'],
    ['another API', { kind: 'status', status: 200, body: '{"hello":1}' }, 'backend_garbage'],
    ['no JSON', { kind: 'status', status: 200, body: 'hello', contentType: 'text/plain' }, 'backend_garbage'],
    ['a fault', { kind: 'status', status: 500, body: '' }, 'backend_failed'],
    ['silence', { kind: 'no-headers' }, 'backend_no_answer'],
    ['a closed door', { kind: 'hang-up' }, 'backend_empty'],
  ] as const)('says why not: %s', async (_, fault, code) => {
    const server = await openAi({ fault: { ...fault, path: '/v1/models' } });
    const limits = fault.kind === 'no-headers' ? { connectMs: 200 } : {};
    expect(await backendAt(server.url, limits).look(forever())).toMatchObject({
      state: 'unavailable',
      models: [],
      problem: { code },
    });
  });

  const listing = '{"data":[{"id":"tiny"}]}';
  /** A server that lists models; what else it is asked is answered by `says`, after a GET that tells nothing. */
  async function lister(says: (call: Call) => unknown, list: string | null = listing) {
    const server = await startScriptedServer(async (call) => {
      const { method, path } = call.seen;
      if (path === '/v1/models') sendWhole(call, list === null ? 404 : 200, 'application/json', list ?? '{}');
      else if (method === 'GET') sendWhole(call, 404, 'text/plain', 'not found');
      else await says(call);
    });
    atEnd(() => server.close());
    return server;
  }
  const says = (status: number, type: string, text: string) => (call: Call) => sendWhole(call, status, type, text);

  it.each([
    ['404', says(404, 'text/plain', '404 page not found')],
    ['404 as JSON', says(404, 'application/json', '{"detail":"Not Found"}')],
    ['405 with a page', says(405, 'text/html', '<html>Method Not Allowed</html>')],
    ['501 of a plain web server', says(501, 'text/html', '<!DOCTYPE HTML><p>Unsupported method (POST)')],
    ['a page for everything', says(200, 'text/html; charset=utf-8', '<html>')],
    ['LM Studio’s word', says(200, 'application/json', '{"error":"Unexpected endpoint or method. (POST /x)"}')],
  ])('is not ready where the list is there and nothing takes questions: %s', async (_, answer) => {
    const server = await lister(answer);
    const found = await backendAt(`${server.origin}/v1`).look(forever());
    expect(found).toMatchObject({
      state: 'unavailable',
      models: [{ name: 'tiny' }],
      problem: { code: 'backend_no_chat', params: { host: server.host, path: '/v1/chat/completions' } },
    });
    expect(found.problem?.message).toContain('takes no questions at /v1/chat/completions');
    // Without a list nothing of it is known to Hearth.
    const silent = await lister(answer, null);
    expect(await backendAt(`${silent.origin}/v1#tiny`).look(forever())).toMatchObject({
      state: 'unavailable',
      problem: { code: 'backend_not_known' },
    });
  });

  it.each([
    ['400', says(400, 'application/json', '{"error":{"message":"messages is required"}}')],
    ['a missing key', says(401, 'application/json', '{}')],
    ['415', says(415, 'text/plain', '')],
    ['422', says(422, 'application/json', '{"detail":[{"loc":["body","messages"]}]}')],
    ['429', says(429, 'application/json', '{}')],
    ['a fault', says(500, 'text/plain', 'KeyError: messages')],
    ['no such model', says(404, 'application/json', '{"error":{"message":"The model `` does not exist"}}')],
    ['an answer to nothing', says(200, 'text/event-stream', 'data: [DONE]\n\n')],
    ['an answer in one piece', says(200, 'application/json', '{"choices":[]}')],
  ])('is ready where a question that lacks everything is told %s, which is asked once', async (_, answer) => {
    const server = await lister(answer);
    const backend = backendAt(`${server.origin}/v1`);
    for (let look = 0; look < 3; look += 1)
      expect(await backend.look(forever())).toMatchObject({ state: 'ready', problem: null });
    const asked = server.requestsTo('/v1/chat/completions');
    expect(asked.map(({ method, body }) => [method, body])).toEqual([
      ['GET', null],
      ['POST', {}],
    ]);
  });

  it('asks for no answer where a GET tells enough', async () => {
    const server = await openAi();
    await backendAt(server.url).look(forever());
    expect(server.requestsTo('/v1/chat/completions').map(({ method }) => method)).toEqual(['GET']);
  });

  it('does not hold it against a server that does not say, and asks another time', async () => {
    let isBusy = true;
    const server = await lister((call) => (isBusy ? holding(call.signal) : sendWhole(call, 404, 'text/plain', '')));
    const backend = backendAt(`${server.origin}/v1`);
    expect(await backend.look(forever())).toMatchObject({ state: 'ready', problem: null });
    isBusy = false;
    expect(await backend.look(forever())).toMatchObject({ problem: { code: 'backend_no_chat' } });
  });

  it('finds out when it has been set right', async () => {
    let status = 404;
    const server = await lister((call) => sendWhole(call, status, 'application/json', '{}'));
    const backend = backendAt(`${server.origin}/v1`);
    expect(await backend.look(forever())).toMatchObject({ problem: { code: 'backend_no_chat' } });
    status = 400;
    expect(await backend.look(forever())).toMatchObject({ state: 'ready', problem: null });
  });

  it('never rejects, also when it is broken off', async () => {
    const server = await openAi({ fault: { kind: 'no-headers', path: '/v1/models' } });
    const stop = new AbortController();
    const looked = backendAt(server.url).look(stop.signal);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    stop.abort(new HearthError('cancelled'));
    expect(await looked).toMatchObject({ state: 'unavailable', problem: { code: 'cancelled' } });
    await vi.waitFor(() => expect(server.requests[0]).toMatchObject({ aborted: true }));
  });
});

describe('vectors', () => {
  it('come one a text, in their order, from the model that is made for them', async () => {
    const server = await openAi({ models: [{ id: 'tiny' }, { id: 'text-embedding-x' }] });
    const backend = backendAt(server.url);
    const vectors = await backend.embed?.(['a', 'bcd'], { model: null, signal: forever() });
    expect(vectors).toEqual([Float32Array.of(1, 0.5), Float32Array.of(3, 0.5)]);
    expect(server.requestsTo('/v1/embeddings')[0]?.body).toEqual({
      model: 'text-embedding-x',
      input: ['a', 'bcd'],
      encoding_format: 'float',
    });
    expect(await backend.embed?.([], { model: null, signal: forever() })).toEqual([]);
  });

  it('are refused when they are none, and end with an abort', async () => {
    const server = await openAi({
      fault: { kind: 'status', status: 200, body: '{"data":[]}', path: '/v1/embeddings' },
    });
    const backend = backendAt(server.url);
    await expect(backend.embed?.(['a'], { model: 'x', signal: forever() })).rejects.toMatchObject({
      code: 'backend_garbage',
    });
    server.set({ fault: { kind: 'no-headers', path: '/v1/embeddings' } });
    const stop = new AbortController();
    const embedded = backend.embed?.(['a'], { model: 'x', signal: stop.signal });
    await vi.waitFor(() => expect(server.requestsTo('/v1/embeddings')).toHaveLength(2));
    stop.abort();
    await expect(embedded).rejects.toMatchObject({ code: 'cancelled' });
  });
});
