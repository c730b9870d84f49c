// An OpenAI-compatible server looked at, and its vectors.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { HearthError } from '../../../src/main/errors/index.ts';
import { recording } from '../../support/replay-ollama/recordings.ts';
import { backendAt, openAi } from './remote-setup.ts';
import { cleanUp, forever } from './setup.ts';

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
