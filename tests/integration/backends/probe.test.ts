// What Hearth finds at an address, against real servers that behave and that do not.
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ProbeInput } from '../../../src/contract/backends.ts';
import { probe } from '../../../src/main/backends/probe/probe.ts';

const KEY = 'sk-a-very-private-key-4711';
const CONNECT_MS = 5_000;
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  ends.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  await new Promise<void>((done, failed) => server.once('error', failed).listen(0, '127.0.0.1', done));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Seen = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** A server that answers by path, and notes what it was asked. */
async function server(answer: RequestListener): Promise<{ host: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const host = await listening(
    createHttp((request, response) => {
      seen.push({ method: request.method, url: request.url, headers: request.headers });
      answer(request, response);
    }),
  );
  return { host, seen };
}

const json = (response: ServerResponse, value: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
const list = (owner = 'someone') => ({ data: [{ id: 'big', owned_by: owner }, { id: 'small' }] });

/** As servers refuse a question that lacks everything. */
const emptyQuestion = (response: ServerResponse) =>
  response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"messages is required"}');

const ollama: RequestListener = (request, response) => {
  if (request.method === 'POST' && request.url === '/api/chat') emptyQuestion(response);
  else if (request.method === 'POST' && request.url === '/v1/chat/completions') emptyQuestion(response);
  else if (request.url === '/api/version') json(response, { version: '0.33.1' });
  else if (request.url === '/api/tags') json(response, { models: [{ name: 'tiny:latest', size: 465_000 }] });
  else if (request.url === '/v1/models') json(response, list('library'));
  else response.writeHead(404).end('404 page not found');
};

/** OpenAI-compatible below a path. */
const openai =
  (base: string, { owner, key, headers }: { owner?: string; key?: string; headers?: Record<string, string> } = {}) =>
  (request: IncomingMessage, response: ServerResponse) => {
    const isKnown = key === undefined || request.headers.authorization === `Bearer ${key}`;
    if (!isKnown) response.writeHead(401, { 'content-type': 'application/json' }).end(`{"error":"wrong key ${KEY}"}`);
    else if (request.method === 'POST' && request.url === `${base}/chat/completions`) emptyQuestion(response);
    else if (request.url === `${base}/models`) json(response, list(owner), headers);
    else response.writeHead(404).end('{"detail":"Not Found"}');
  };

const look = (input: ProbeInput, options: { connectMs?: number; signal?: AbortSignal } = {}) =>
  probe(input, { signal: options.signal ?? new AbortController().signal, connectMs: options.connectMs ?? CONNECT_MS });

describe('servers that behave', () => {
  test.each(['', 'http://', 'ollama://@'])(
    'Ollama is found at %shost:port, with its version and models',
    async (start) => {
      const { host } = await server(ollama);
      expect(await look({ url: `${start}${host}` })).toMatchObject({
        url: `ollama://@${host}`,
        kind: 'ollama',
        name: 'Ollama',
        host,
        version: '0.33.1',
        latencyMs: expect.any(Number),
        models: [{ name: 'tiny:latest', sizeBytes: 465_000 }],
        key: 'notNeeded',
        problem: null,
      });
    },
  );

  test('a path that was typed is kept where it answers, also on Ollama', async () => {
    const { host } = await server(ollama);
    expect(await look({ url: `http://${host}/v1#big` })).toMatchObject({
      url: `http://${host}/v1#big`,
      kind: 'openai',
      problem: null,
    });
  });

  test.each([
    ['/v1', ''],
    ['/v1', '/v1'],
    ['/v1', '/v1/'],
    ['/v1', '/forgotten'],
    ['/openai/v1', '/openai/v1'],
  ])('an OpenAI-compatible server at %s is found by the path “%s”', async (base, typed) => {
    const { host } = await server(openai(base));
    expect(await look({ url: `http://${host}${typed}` })).toMatchObject({
      url: `http://${host}${base}`,
      kind: 'openai',
      name: host,
      models: [{ name: 'big' }, { name: 'small' }],
      key: 'notNeeded',
      problem: null,
    });
  });

  test('what was taken for Ollama and is OpenAI-compatible is suggested as that', async () => {
    const { host } = await server(openai('/v1'));
    expect(await look({ url: `ollama://@${host}` })).toMatchObject({ url: `http://${host}/v1`, kind: 'openai' });
  });

  test.each([
    ['LM Studio', { owner: 'organization_owner' }],
    ['vLLM', { owner: 'vllm' }],
    ['llama-server', { owner: 'llamacpp' }],
    ['llama-server', { headers: { server: 'llama.cpp' } }],
  ])('%s is told by what it says in passing', async (name, says) => {
    const { host } = await server(openai('/v1', says));
    expect(await look({ url: host })).toMatchObject({ name, version: null });
  });

  test('a list of models where nothing takes questions is no backend, but may be added', async () => {
    const { host } = await server((request, response) =>
      request.url === '/v1/models' ? json(response, list()) : response.writeHead(404).end('{"detail":"Not Found"}'),
    );
    expect(await look({ url: host })).toMatchObject({
      url: `http://${host}/v1`,
      models: [{ name: 'big' }, { name: 'small' }],
      problem: { code: 'backend_no_chat', params: { host, path: '/v1/chat/completions' } },
    });
  });

  test('an Ollama without its own chat is used by the one that it has', async () => {
    const old: RequestListener = (request, response) =>
      request.url === '/api/chat' ? response.writeHead(404).end('404 page not found') : ollama(request, response);
    const { host } = await server(old);
    expect(await look({ url: host })).toMatchObject({ url: `http://${host}/v1`, kind: 'openai', problem: null });
    const { host: stub } = await server((request, response) =>
      request.method === 'POST' ? response.writeHead(404).end() : ollama(request, response),
    );
    expect(await look({ url: stub })).toMatchObject({
      url: `ollama://@${stub}`,
      version: '0.33.1',
      problem: { code: 'backend_no_chat', params: { path: '/api/chat' } },
    });
  });

  test('a query service is only looked at: nothing is asked', async () => {
    const { host, seen } = await server((_, response) => response.writeHead(405).end());
    expect(await look({ url: `query+http://${host}/ask` })).toMatchObject({
      url: `query+http://${host}/ask`,
      kind: 'query',
      problem: null,
      key: 'unknown',
    });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['OPTIONS /ask']);
  });
});

describe('keys', () => {
  test('one that is needed, one that is refused, one that is right', async () => {
    const { host } = await server(openai('/v1', { key: KEY }));
    expect(await look({ url: host })).toMatchObject({ key: 'needed', problem: { code: 'backend_key_needed' } });
    const refused = await look({ url: host, key: 'wrong' });
    expect(refused).toMatchObject({ key: 'refused', problem: { code: 'backend_key_refused' } });
    // The server repeated a key in its error.
    expect(JSON.stringify(refused)).not.toContain(KEY);
    expect(await look({ url: host, key: KEY })).toMatchObject({ key: 'accepted', problem: null });
  });

  test('one that nobody looked at is not called right', async () => {
    const { host } = await server(openai('/v1'));
    expect(await look({ url: host, key: KEY })).toMatchObject({ key: 'unknown', problem: null });
  });

  test('403 means the same', async () => {
    const { host } = await server((_, response) => response.writeHead(403).end());
    expect(await look({ url: host })).toMatchObject({ key: 'needed', problem: { code: 'backend_key_needed' } });
    expect(await look({ url: `query+http://${host}/ask`, key: KEY })).toMatchObject({ key: 'refused' });
  });

  test('headers of the user go along', async () => {
    const { host, seen } = await server(openai('/v1'));
    await look({ url: `http://${host}/v1`, headers: { 'X-Team': 'blue' } });
    expect(seen.some(({ headers }) => headers['x-team'] === 'blue')).toBe(true);
  });

  test('a redirect is told and not followed: the other host is not even asked', async () => {
    const other = await server(openai('/v1'));
    const { host } = await server((request, response) =>
      response.writeHead(307, { location: `http://${other.host}${request.url}?k=${KEY}` }).end(),
    );
    for (const url of [host, `http://${host}/v1`, `query+http://${host}/ask`]) {
      const result = await look({ url, key: KEY });
      expect(result.problem).toMatchObject({ code: 'backend_redirects', params: { host } });
      expect(result.problem?.params.to).toContain(other.host);
      expect(JSON.stringify(result)).not.toContain(KEY);
    }
    expect(other.seen).toEqual([]);
  });

  test('over plain http to the internet the key stays here, which is told', async () => {
    const known = await server(openai('/v1'));
    const wanting = await server(openai('/v1', { key: KEY }));
    for (const { host, seen } of [known, wanting]) {
      // This computer by a number that is not known for it.
      const url = `http://${host.replace('127.0.0.1', '[::ffff:127.0.0.1]')}`;
      const result = await look({ url, key: KEY, headers: { 'X-Team': 'private-team-value' } });
      expect(result).toMatchObject({ key: 'unknown', problem: { code: 'backend_key_in_clear' } });
      expect(seen.length).toBeGreaterThan(0);
      expect(JSON.stringify(seen)).not.toMatch(/private/);
    }
  });

  test.each([`${KEY}\n`, `${KEY}ℵ`])('one that can’t be sent is refused without being repeated', async (key) => {
    const error: unknown = await look({ url: '127.0.0.1:9', key }).catch((failed: unknown) => failed);
    expect(error).toMatchObject({ code: 'bad_request' });
    expect(JSON.stringify(error) + String(error)).not.toContain(KEY);
  });
});

describe('servers that misbehave', () => {
  test.each<[string, RequestListener, string]>([
    [
      'a web page',
      (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
      'not_known',
    ],
    ['404', (_, response) => response.writeHead(404).end(), 'not_known'],
    ['JSON that is not JSON', (_, response) => response.writeHead(200).end('{"data":['), 'not_known'],
    ['other JSON', (_, response) => json(response, { hello: 'world' }), 'not_known'],
    ['a list of something else', (_, response) => json(response, { data: [1, 2] }), 'not_known'],
    ['an error of its own', (_, response) => response.writeHead(500).end(), 'failed'],
    ['that it is busy', (_, response) => response.writeHead(503).end(), 'busy'],
    ['nothing, and closes', (request) => request.socket.destroy(), 'empty'],
    [
      'the beginning, and closes',
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"data":', () => request.socket.destroy());
      },
      'empty',
    ],
  ])('%s', async (_, answer, code) => {
    const { host } = await server(answer);
    const result = await look({ url: host });
    expect(result.problem).toMatchObject({ code: `backend_${code}` });
    expect(result).toMatchObject({ url: `http://${host}/v1`, models: [] });
  });

  test('one that never answers is given up, and told apart from one that is not there', async () => {
    const { host } = await server(() => {});
    expect((await look({ url: host }, { connectMs: 150 })).problem).toMatchObject({ code: 'backend_no_answer' });
  });

  test('one that begins and then says nothing more is given up too', async () => {
    const { host } = await server((_, response) => void response.writeHead(200).write('{"data":'));
    expect((await look({ url: host }, { connectMs: 150 })).problem).toMatchObject({ code: 'backend_no_answer' });
  });

  test('one that speaks another language', async () => {
    const host = await listening(createTcp((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9\r\n')));
    expect((await look({ url: host })).problem).toMatchObject({ code: 'backend_garbage' });
  });

  test('nobody there', async () => {
    const { host } = await server(() => {});
    for (const end of ends.splice(0)) end();
    expect((await look({ url: host })).problem).toMatchObject({ code: 'backend_unreachable', params: { host } });
  });

  test('an answer without end is not read', async () => {
    let sentBytes = 0;
    const chunk = Buffer.alloc(64 * 1024, ' ');
    const { host } = await server((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect((await look({ url: `http://${host}/v1` })).problem).toMatchObject({ code: 'backend_not_known' });
    // Two places are asked; each gets 4 MB and what the sockets hold.
    expect(sentBytes).toBeLessThan(64 * 1024 * 1024);
  });

  test('the caller’s abort ends it', async () => {
    const { host } = await server(() => {});
    const leaving = new AbortController();
    const result = look({ url: host }, { signal: leaving.signal });
    leaving.abort(new Error('left'));
    await expect(result).rejects.toThrow('left');
  });
});

describe('https', () => {
  /** Key and certificate of nobody: made for this test alone. */
  const pem = readFileSync(path.join(import.meta.dirname, '../../fixtures/self-signed.pem'));

  test('a certificate that nobody vouches for is told, and the key not sent', async () => {
    const seen: unknown[] = [];
    const host = await listening(createHttps({ key: pem, cert: pem }, (request) => void seen.push(request.headers)));
    const { problem } = await look({ url: `https://${host}`, key: KEY });
    expect(problem).toMatchObject({ code: 'backend_tls', params: { reason: expect.stringContaining('certificate') } });
    expect(seen).toEqual([]);
  });

  test('a server that speaks plain http is told', async () => {
    const { host } = await server(openai('/v1'));
    expect((await look({ url: `https://${host}` })).problem).toMatchObject({ code: 'backend_tls' });
  });
});
