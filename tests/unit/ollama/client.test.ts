// The client of an Ollama that takes a question and never answers.
import { afterEach, expect, test, vi } from 'vitest';
import type { Fetch } from '../../../src/main/diagnostics/index.ts';
import { createOllamaClient, type OllamaClient } from '../../../src/main/ollama/api/client.ts';

const hanging = (_input: RequestInfo | URL, init?: RequestInit) =>
  new Promise<Response>((_resolve, reject) => {
    if (init?.signal?.aborted) return reject(init.signal.reason as Error);
    return init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
  });
const client = createOllamaClient({ fetch: hanging as Fetch, origin: 'http://127.0.0.1:9', host: '127.0.0.1:9' });
const never = new AbortController().signal;

afterEach(() => void vi.useRealTimers());

const CALLS: [string, (client: OllamaClient) => Promise<unknown>][] = [
  ['its version', (ollama) => ollama.version(never)],
  ['its models', (ollama) => ollama.list(never)],
  ['what is in memory', (ollama) => ollama.loaded(never)],
];

test.each(CALLS)('asking for %s ends after half a minute', async (_name, call) => {
  await import('ollama');
  vi.useFakeTimers();
  const outcome = call(client).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await outcome).toMatchObject({ code: 'backend_no_answer', params: { seconds: 30 } });
});

test('and at once when whoever asked leaves', async () => {
  const life = new AbortController();
  const reason = new Error('left');
  const outcome = client.list(life.signal);
  life.abort(reason);
  await expect(outcome).rejects.toBe(reason);
});
