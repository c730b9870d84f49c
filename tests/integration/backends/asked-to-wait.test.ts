// A server that asks to wait is left alone for exactly that long; one that refuses a request is asked the next question at once.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../../../src/main/backends/interface.ts';
import { backendAt, openAi, query } from './remote-setup.ts';
import { ask, at, open } from './scene.ts';
import { cleanUp, forever, hear, hello, ollamaAt, replay } from './setup.ts';

afterEach(async () => {
  vi.useRealTimers();
  await cleanUp();
});

const asksToWait = (seconds: string, times: number) =>
  ({ kind: 'status', status: 429, body: '{"error":"slow down"}', headers: { 'retry-after': seconds }, times }) as const;

interface Subject {
  backend: Backend;
  asked: () => number;
}
const SUBJECTS: [string, (seconds: string, times: number) => Promise<Subject>][] = [
  [
    'an OpenAI-compatible server',
    async (seconds, times) => {
      const server = await openAi({ fault: asksToWait(seconds, times) });
      return { backend: backendAt(server.url), asked: () => server.chats().length };
    },
  ],
  [
    'Ollama',
    async (seconds, times) => {
      const server = await replay({ fault: asksToWait(seconds, times) });
      return { backend: ollamaAt(server.url), asked: () => server.requestsTo('/api/chat').length };
    },
  ],
  [
    'a query service',
    async (seconds, times) => {
      const server = await query({ fault: asksToWait(seconds, times) });
      return { backend: backendAt(`query+${server.url}`), asked: () => server.questions().length };
    },
  ],
];

describe.each(SUBJECTS)('%s', (_, start) => {
  it('is waited for within the question where the wait is short, and that is told', async () => {
    const { backend, asked } = await start('0.02', 2);
    const { events, error } = await hear(backend.chat(hello, forever()));
    expect(error).toBeNull();
    expect(asked()).toBe(3);
    const waits = events
      .filter((event) => event.type === 'reading')
      .map(({ behind, expectedMs }) => [behind, expectedMs]);
    expect(waits).toEqual([
      ['limit', 20],
      [null, null],
      ['limit', 20],
      [null, null],
    ]);
  });

  it('is not waited for again and again', async () => {
    const { backend, asked } = await start('0.02', Infinity);
    const { error } = await hear(backend.chat(hello, forever()));
    expect(error).toMatchObject({ code: 'backend_wait', params: { waitMs: 20 } });
    expect(asked()).toBe(3);
  });

  it('is not waited for where the wait is long: how long is told', async () => {
    const { backend, asked } = await start('7', Infinity);
    const { events, error } = await hear(backend.chat(hello, forever()));
    expect(error).toMatchObject({ code: 'backend_wait', params: { wait: '7 s', waitMs: 7_000 } });
    expect((error as Error).message).toContain('asks to wait 7 s');
    expect(events).toEqual([]);
    expect(asked()).toBe(1);
  });

  it('is left at once by a stop', async () => {
    const { backend } = await start('5', Infinity);
    const life = new AbortController();
    const heard: string[] = [];
    const answer = (async () => {
      for await (const event of backend.chat(hello, life.signal)) {
        heard.push(event.type);
        life.abort();
      }
    })();
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' });
    expect(heard).toEqual(['reading']);
  });
});

describe('the next question', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  });

  it('leaves the server alone for as long as it asked, and goes to it again then', async () => {
    const server = await replay({ fault: asksToWait('7', 1) });
    const { backends } = open(at(server.url));
    const asked = () => server.requestsTo('/api/chat').length;
    expect((await ask(backends)).error).toMatchObject({ code: 'backend_wait' });
    vi.setSystemTime(Date.now() + 6_900);
    expect((await ask(backends)).error).toMatchObject({
      code: 'backend_resting',
      params: { seconds: 1 },
      message: expect.stringContaining('asks to wait 7 s'),
    });
    expect(asked()).toBe(1);
    vi.setSystemTime(Date.now() + 100);
    expect((await ask(backends)).sources.at(-1)?.kind).toBe('ollama');
  });

  it.each([400, 401, 413, 422])(
    'goes to the same backend at once after %d: nobody rests, nobody is skipped',
    async (status) => {
      const server = await replay({ fault: { kind: 'status', status, body: '{"error":"not like this"}', times: 1 } });
      const { backends } = open(at(server.url));
      await ask(backends);
      const { sources } = await ask(backends);
      expect(sources.at(-1)).toMatchObject({ kind: 'ollama', skipped: [] });
    },
  );
});
