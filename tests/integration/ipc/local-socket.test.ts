// The contract over the local socket: real sockets, a hand-made history behind them.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TurnEvent } from '../../../src/contract/chat.ts';
import type { Contract } from '../../../src/contract/index.ts';
import { createAppState } from '../../../src/main/app-state.ts';
import { createFetch, type Fetch } from '../../../src/main/diagnostics/index.ts';
import { HearthError } from '../../../src/main/errors/index.ts';
import { createRouter, type LocalSocket, RPC_PREFIX, serveLocalSocket } from '../../../src/main/ipc/index.ts';
import type { History, Services } from '../../../src/main/services.ts';
import { noDesktop } from '../../support/no-desktop.ts';

const MESSAGE_ID = '01900000-0000-7000-8000-000000000001';

let folder: string;
let socketFile: string;
let socket: LocalSocket;
const failed = (error: unknown) => {
  throw error;
};
let fetch: Fetch;
let clients: string[];
let attached: AbortSignal | null;
let logged: string[];
let client: ContractRouterClient<Contract>;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hearth-socket-'));
  socketFile = path.join(folder, 'hearth.sock');
  clients = [];
  attached = null;
  logged = [];
  socket = await serveLocalSocket(createRouter(services(), noDesktop), socketFile, failed);
  fetch = createFetch({ purpose: 'test', socketPath: socketFile });
  client = createORPCClient(new RPCLink({ url: `http://localhost${RPC_PREFIX}`, fetch }));
});

afterEach(async () => {
  await socket.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a call and its answer', async () => {
  expect(await client.app.status()).toMatchObject({ phase: 'starting', version: 'test' });
});

test('who calls comes from the transport', async () => {
  await client.chat.send({ conversationId: null, text: 'hello' }).catch(() => {});
  expect(clients).toEqual(['cli']);
});

test('an error of ours arrives with its code and sentence', async () => {
  const error = await client.chat.send({ conversationId: null, text: 'hello' }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'HEARTH', data: { code: 'storage_disk_full' } });
  expect((error as Error).message).toContain('The disk is full');
  expect(logged).toEqual([]);
});

test('an error that is not ours arrives as internal, without its stack', async () => {
  const error = await client.chat.stop({ messageId: MESSAGE_ID }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'HEARTH', data: { code: 'internal' } });
  expect(JSON.stringify(error)).not.toContain('local-socket.test.ts');
  expect(logged).toEqual(['a programming error']);
});

test('bad input is refused before a service sees it', async () => {
  await expect(client.chat.send({ conversationId: 'no-id', text: 'hello' })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  expect(clients).toEqual([]);
});

test('a stream arrives event by event, and leaving it reaches the service', async () => {
  const seen: number[] = [];
  for await (const event of await client.chat.attach({ messageId: MESSAGE_ID, afterSeq: 0 })) {
    seen.push(event.seq);
    if (seen.length === 3) break;
  }
  expect(seen).toEqual([1, 2, 3]);
  await expect.poll(() => attached?.aborted).toBe(true);
});

test('a question of 5 MB passes', async () => {
  const text = 'ü'.repeat(5_000_000);
  await client.chat.send({ conversationId: null, text }).catch(() => {});
  expect(clients).toEqual(['cli']);
});

test('a request without end is refused at the limit, whether it says its length or not', async () => {
  let status: number | undefined;
  const cut = new Promise((resolve) => {
    const endless = request({ socketPath: socketFile, path: `${RPC_PREFIX}/chat/send`, method: 'POST' }, (response) => {
      status = response.statusCode;
      resolve(null);
    });
    endless.on('error', resolve);
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const more = () => void endless.write(chunk, (error) => error ?? more());
    endless.setHeader('content-type', 'application/json');
    more();
  });
  await cut;
  expect(status).toBe(413);
  expect(clients).toEqual([]);
});

test('tells when nobody is connected any more', async () => {
  await socket.idle();
  await client.app.status();
  expect(socket.connected()).toBe(1);
  await socket.idle(AbortSignal.abort());
  let isIdle = false;
  const idle = socket.idle().then(() => (isIdle = true));
  await client.app.status();
  expect(isIdle).toBe(false);
  fetch.close();
  await idle;
  expect(socket.connected()).toBe(0);
});

test('refusing keeps newcomers out and lets who is inside finish', async () => {
  const seen: number[] = [];
  for await (const event of await client.chat.attach({ messageId: MESSAGE_ID, afterSeq: 0 })) {
    seen.push(event.seq);
    if (seen.length === 1) {
      socket.refuse();
      socket.refuse();
      expect(existsSync(socketFile)).toBe(false);
    }
    if (seen.length === 50) break;
  }
  expect(seen).toHaveLength(50);
  await expect(client.app.status()).rejects.toThrow();
});

test('only this user may use it, and it is gone afterwards', async () => {
  expect(statSync(socketFile).mode & 0o777).toBe(0o600);
  await socket.stop();
  await socket.stop();
  expect(existsSync(socketFile)).toBe(false);
});

test('a leftover socket file is replaced', async () => {
  await socket.stop();
  writeFileSync(socketFile, '');
  socket = await serveLocalSocket(createRouter(services(), noDesktop), socketFile, failed);
  expect(await client.app.status()).toMatchObject({ version: 'test' });
});

test('an unknown path is 404', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request({ socketPath: socketFile, path: '/etc/passwd' }, (response) => resolve(response.statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(404);
});

/** Services whose history refuses to send, fails on stop, and streams without end. */
function services(): Services {
  const chat: Partial<History['chat']> = {
    send: async (_input, caller) => {
      clients.push(caller);
      throw new HearthError('storage_disk_full', { path: '/full' });
    },
    stop: async () => {
      throw new TypeError('a programming error');
    },
    attach: async function* (_input, signal): AsyncGenerator<TurnEvent> {
      attached = signal;
      for (let seq = 1; !signal.aborted; seq += 1) {
        yield { type: 'delta', seq, text: 'x' };
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
  const app = createAppState({ version: 'test', platform: 'test', dataFolder: folder });
  const log = { error: (_message: string, { error }: { error: Error }) => logged.push(error.message) };
  return { app, log, history: async () => ({ chat }) } as unknown as Services;
}
