// The one way out: aborts at every stage, limits, dead connections, sockets, and what has arrived is never lost.
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFetch } from '../../../src/main/diagnostics/index.ts';
import type { Fetch, FetchOptions } from '../../../src/main/diagnostics/index.ts';
import { startReplayOllama } from '../../support/replay-ollama/index.ts';
import type { ReplayOllama, ReplayOptions } from '../../support/replay-ollama/index.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});
async function replay(options: ReplayOptions = {}): Promise<ReplayOllama> {
  const server = await startReplayOllama(options);
  cleanups.push(() => server.close());
  return server;
}
function fetchFor(options: Partial<FetchOptions> = {}): Fetch {
  const made = createFetch({ purpose: 'test', ...options });
  cleanups.push(() => made.close());
  return made;
}
/** A bare TCP server; returns its port. */
async function listen(onConnection: (socket: net.Socket) => void): Promise<number> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
const question = JSON.stringify({ model: 'tiny', messages: [{ role: 'user', content: 'hello' }] });
const post = (server: ReplayOllama, init: RequestInit = {}): [string, RequestInit] => [
  `${server.url}/api/chat`,
  { method: 'POST', body: question, ...init },
];

describe('answers', () => {
  it('come with status, headers and body, over one kept-alive connection', async () => {
    const server = await replay();
    const fetch = fetchFor();
    for (let round = 0; round < 3; round += 1) {
      const response = await fetch(`${server.url}/api/version`);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(await response.json()).toEqual({ version: '0.0.0' });
    }
    expect(server.connections()).toBe(1);
    expect((await fetch(`${server.url}/`, { method: 'HEAD' })).body).toBeNull();
  });

  it('to a Request with a streamed body', async () => {
    const server = await replay({ answer: { tokens: ['yes'] } });
    const request = new Request(`${server.url}/api/chat`, {
      method: 'POST',
      body: new Blob([question]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(await (await fetchFor()(request)).text()).toContain('"yes"');
    expect(server.requests[0]?.body).toEqual(JSON.parse(question));
  });

  it('hand out everything that arrived before a broken connection is told', async () => {
    const server = await replay({ fault: { kind: 'cut', afterRecords: 3 }, holdAfterRecords: 2 });
    const response = await fetchFor()(...post(server));
    const reader = response.body!.getReader();
    await server.held();
    server.release();
    await vi.waitFor(() => expect(server.requests[0]?.finished).toBe(true));
    let text = '';
    const read = async () => {
      for (let part = await reader.read(); !part.done; part = await reader.read())
        text += new TextDecoder().decode(part.value);
    };
    await expect(read()).rejects.toThrow(/aborted/);
    expect(text.trim().split('\n')).toHaveLength(3);
  });
});

describe('an abort', () => {
  it('before the request sends nothing', async () => {
    const server = await replay();
    const reason = new Error('changed my mind');
    await expect(fetchFor()(...post(server, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(server.connections()).toBe(0);
  });

  it('before the headers reaches the server', async () => {
    const server = await replay({ fault: { kind: 'no-headers' } });
    const controller = new AbortController();
    const asked = fetchFor()(...post(server, { signal: controller.signal }));
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    controller.abort();
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    await vi.waitFor(() => expect(server.requests[0]?.aborted).toBe(true));
  });

  it('in the body reaches the server, and so does cancelling the body', async () => {
    const server = await replay({ holdAfterRecords: 1 });
    const controller = new AbortController();
    const fetch = fetchFor();
    const response = await fetch(...post(server, { signal: controller.signal }));
    await server.held();
    controller.abort();
    await expect(response.text()).rejects.toMatchObject({ name: 'AbortError' });
    await vi.waitFor(() => expect(server.requests[0]?.aborted).toBe(true));

    const second = await fetch(...post(server));
    await second.body!.cancel();
    await vi.waitFor(() => expect(server.requests[1]?.aborted).toBe(true));
  });
});

describe('what goes wrong has a code', () => {
  it('nobody listens', async () => {
    const server = await replay();
    await server.close();
    const host = `127.0.0.1:${server.port}`;
    await expect(fetchFor({ service: 'Ollama' })(`${server.url}/`)).rejects.toMatchObject({
      code: 'backend_unreachable',
      params: { host, backend: 'Ollama' },
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('no such name', async () => {
    await expect(fetchFor()('http://no-such-host.invalid:1/')).rejects.toMatchObject({ code: 'backend_unreachable' });
  });

  it('a connection that does not come about', async () => {
    // Accepts TCP but never speaks TLS.
    const port = await listen(() => undefined);
    const fetch = fetchFor({ connectTimeoutMs: () => 100 });
    await expect(fetch(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
      code: 'backend_connect_timeout',
      params: { host: `127.0.0.1:${port}`, seconds: 0.1 },
    });
  });

  it('a connection closed without an answer', async () => {
    const server = await replay({ fault: { kind: 'hang-up' } });
    await expect(fetchFor()(...post(server))).rejects.toMatchObject({ code: 'backend_empty' });
    expect(server.requests).toHaveLength(1);
  });

  it('a server that does not speak HTTP', async () => {
    const port = await listen((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'));
    await expect(fetchFor()(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: 'backend_garbage' });
  });
});

describe('a kept-alive connection that turns out to be dead', () => {
  async function deadOnSecond(options: Partial<FetchOptions>) {
    const server = await replay({ answer: { tokens: ['yes'] } });
    const fetch = fetchFor(options);
    await (await fetch(...post(server))).text();
    server.set({ fault: { kind: 'hang-up', times: 1 } });
    return { server, fetch };
  }

  it('is replaced once where a second request does no harm', async () => {
    const { server, fetch } = await deadOnSecond({ isRepeatable: () => true });
    expect(await (await fetch(...post(server))).text()).toContain('"yes"');
    expect(server.requests).toHaveLength(3);
    server.set({ fault: { kind: 'hang-up' } });
    await expect(fetch(...post(server))).rejects.toMatchObject({ code: 'backend_empty' });
    expect(server.requests).toHaveLength(5);
  });

  it('is an error elsewhere', async () => {
    const { server, fetch } = await deadOnSecond({});
    await expect(fetch(...post(server))).rejects.toMatchObject({ code: 'backend_empty' });
    expect(server.requests).toHaveLength(2);
  });
});

describe('places', () => {
  it('finds a server that listens on ::1 only as localhost', async () => {
    const server = await replay({ host: '::1' });
    const response = await fetchFor()(`http://localhost:${server.port}/api/version`);
    expect(await response.json()).toEqual({ version: '0.0.0' });
    expect((await fetchFor()(`${server.url}/api/version`)).status).toBe(200);
  });

  it('speaks over a local socket', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'hearth-network-'));
    cleanups.push(() => rm(folder, { recursive: true }));
    const socketPath = process.platform === 'win32' ? `\\\\.\\pipe\\${path.basename(folder)}` : path.join(folder, 's');
    const fetch = fetchFor({ socketPath });
    await expect(fetch('http://localhost/x')).rejects.toMatchObject({ code: 'backend_unreachable' });
    const server = http.createServer((request, response) => response.end(`${request.method} ${request.url}`));
    await new Promise<void>((resolve) => {
      server.listen(socketPath, resolve);
    });
    cleanups.push(() => server.close());
    expect(await (await fetch('http://localhost/rpc?a=1', { method: 'POST', body: 'x' })).text()).toBe('POST /rpc?a=1');
  });
});
