// An Ollama that is slow and well: it is waited for, told of, and costs no other question anything.
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Reading } from '../../../src/contract/chat.ts';
import { createOllamaClient } from '../../../src/main/ollama/api/client.ts';
import type { Place } from '../../../src/main/ollama/index.ts';
import { createAsk } from '../../../src/main/backends/ollama/ask.ts';
import { createFetch } from '../../../src/main/diagnostics/index.ts';
import { Settings } from '../../../src/contract/settings.ts';
import type { ChatEvent, RunEvent } from '../../../src/main/backends/interface.ts';
import { createDeadline } from '../../../src/main/backends/waiting/deadline.ts';
import { type OneSlotOllama, startOneSlotOllama } from '../../support/one-slot-ollama.ts';
import { at, open } from './scene.ts';
import { atEnd, cleanUp, forever, hear, ollamaAt } from './setup.ts';

afterEach(cleanUp);

const LIMITS = { firstTokenMs: 800 };
const long = { messages: [{ role: 'user' as const, content: 'word '.repeat(1_000) }] };
const short = { messages: [{ role: 'user' as const, content: 'hello' }] };

async function slow(options: Parameters<typeof startOneSlotOllama>[0] = {}): Promise<OneSlotOllama> {
  const server = await startOneSlotOllama(options);
  atEnd(() => server.close());
  return server;
}

const readings = (events: readonly (ChatEvent | RunEvent)[]) =>
  events.filter((event): event is { type: 'reading' } & Reading => event.type === 'reading');

/** Looks at the server go on far beyond the limit on the first word. */
async function pastTheLimit(server: OneSlotOllama): Promise<void> {
  const before = server.requestsTo('/api/ps').length;
  await vi.waitFor(() => expect(server.requestsTo('/api/ps').length).toBeGreaterThan(before + 5), { timeout: 10_000 });
}

describe('a long prompt', () => {
  it('is waited for beyond the limit, told as read, then as late, and its speed is remembered', async () => {
    const server = await slow();
    const backend = ollamaAt(server.origin, LIMITS);
    const heard = hear(backend.chat({ model: 'tiny', ...long }, forever()));
    await pastTheLimit(server);
    server.readOn();
    const { events, text, error } = await heard;
    expect({ text, error }).toEqual({ text: 'read', error: null });
    const known = { type: 'reading', model: 'tiny', tokens: 1_250, readTokens: null, behind: null };
    expect(readings(events).at(-1)).toEqual({ ...known, expectedMs: null, isLate: true });
    expect(events.some(({ type }) => type === 'loading')).toBe(false);
    // 1,000 tokens took it 20 s.
    const again = hear(backend.chat({ model: 'tiny', ...long }, forever()));
    await pastTheLimit(server);
    server.readOn();
    expect(readings((await again).events)).toEqual([{ ...known, expectedMs: 25_000, isLate: false }]);
  });

  it('is given up where the server tells nothing of itself any more', async () => {
    const server = await slow();
    const heard = hear(ollamaAt(server.origin, LIMITS).chat({ model: 'tiny', ...long }, forever()));
    await pastTheLimit(server);
    server.hang();
    expect((await heard).error).toMatchObject({ code: 'backend_first_token_timeout', params: { seconds: 0.8 } });
  });

  it('of a model that is listed under the name of its parent is no load for ever', async () => {
    const server = await slow({ listedAs: 'parent:latest' });
    const backend = ollamaAt(server.origin, LIMITS);
    const heard = hear(backend.chat({ model: 'tiny', ...long }, forever()));
    await pastTheLimit(server);
    server.readOn();
    expect((await heard).events.map(({ type }) => type).slice(0, 2)).toEqual(['loading', 'reading']);
    const again = hear(backend.chat({ model: 'tiny', ...long }, forever()));
    await pastTheLimit(server);
    server.readOn();
    expect((await again).events[0]).toMatchObject({ type: 'reading' });
  });
});

describe('a stopped question', () => {
  it('that is read on lets no short question fail: 25 of them wait for it and are told why', async () => {
    const server = await slow();
    const { backends } = open({ ...at(server.origin), timeouts: LIMITS });
    const stop = new AbortController();
    const left = askAll(long, stop.signal);
    await pastTheLimit(server);
    stop.abort();
    expect((await left).error).toMatchObject({ code: 'cancelled' });
    expect(server.isReading()).toBe(true);

    const heard = Array.from({ length: 25 }, (): RunEvent[] => []);
    const questions = heard.map((events) => askAll(short, forever(), events));
    const isTold = (events: RunEvent[]) => readings(events)[0]?.behind === 'stopped';
    await vi.waitFor(() => expect(heard.every(isTold)).toBe(true), { timeout: 10_000 });
    server.readOn();
    for (const _ of questions) {
      await vi.waitFor(() => expect(server.isReading()).toBe(true), { timeout: 10_000 });
      server.readOn();
    }
    for (const { events, error } of await Promise.all(questions)) {
      expect(error).toBeNull();
      const sources = events.flatMap((event) => (event.type === 'source' ? [event.source] : []));
      expect(sources.every(({ kind, skipped }) => kind === 'ollama' && skipped.length === 0)).toBe(true);
    }

    async function askAll(request: typeof long, signal: AbortSignal, events: RunEvent[] = []) {
      try {
        const plan = await backends.plan({}, signal);
        for await (const event of backends.run(plan, request, signal)) events.push(event);
        return { events, error: null };
      } catch (error) {
        return { events, error };
      }
    }
  });

  it.each([true, false])('is taken out of memory where the server is Hearth’s own: %s', async (isOwned) => {
    const server = await slow();
    const stop = new AbortController();
    const heard = hear(askAt(server, { isOwned, firstTokenMs: 10_000 }, long, stop.signal));
    await vi.waitFor(() => expect(server.isReading()).toBe(true));
    stop.abort();
    await heard;
    if (isOwned) await vi.waitFor(() => expect(server.unloaded).toEqual(['tiny']));
    else expect(server.unloaded).toEqual([]);
  });

  it('whose answer was to come whole is not said to be read on: it may have been half written', async () => {
    const server = await slow();
    const backend = ollamaAt(server.origin, LIMITS);
    const stop = new AbortController();
    const left = hear(backend.chat({ model: 'tiny', ...long, delivery: 'whole' }, stop.signal));
    await pastTheLimit(server);
    stop.abort();
    await left;
    server.readOn();
    const heard = hear(backend.chat({ model: 'tiny', ...short }, forever()));
    await pastTheLimit(server);
    server.readOn();
    expect(readings((await heard).events).map(({ behind }) => behind)).not.toContain('stopped');
  });
});

it('one on another computer that tells how it is and does not read in time is called slow', async () => {
  const server = await slow();
  // 20 tokens: a second more than the limit.
  const question = { messages: [{ role: 'user' as const, content: 'four'.repeat(20) }] };
  const asked = askAt(server, { isLocal: false, firstTokenMs: 200 }, question, forever());
  expect((await hear(asked)).error).toMatchObject({ code: 'backend_too_slow', params: { seconds: 1.2 } });
});

it('a slot that another program holds is waited for, and told', async () => {
  const server = await slow();
  void hear(ollamaAt(server.origin).chat({ model: 'tiny', ...long }, forever()));
  await vi.waitFor(() => expect(server.isReading()).toBe(true));
  const heard = hear(ollamaAt(server.origin, LIMITS).chat({ model: 'tiny', ...short }, forever()));
  await pastTheLimit(server);
  server.readOn();
  await vi.waitFor(() => expect(server.isReading()).toBe(true));
  server.readOn();
  const { events, error } = await heard;
  expect(error).toBeNull();
  expect(readings(events).at(-1)).toMatchObject({ behind: 'others', isLate: true });
});

/** Asks at a place of this kind. */
function askAt(
  server: OneSlotOllama,
  { isLocal = true, isOwned = false, firstTokenMs }: { isLocal?: boolean; isOwned?: boolean; firstTokenMs: number },
  question: typeof long,
  signal: AbortSignal,
): AsyncIterable<ChatEvent> {
  const { timeouts, engine } = Settings.parse({ timeouts: { firstTokenMs } });
  const fetch = createFetch({
    purpose: 'ask',
    service: 'Ollama',
    connectTimeoutMs: () => 1_000,
    isRepeatable: () => true,
  });
  atEnd(() => fetch.close());
  const client = createOllamaClient({ fetch, origin: server.origin, host: server.host });
  const place: Place = { origin: server.origin, host: server.host, isLocal, isOwned, threads: null, client };
  const ask = createAsk({
    timeouts: () => timeouts,
    engine: () => engine,
    board: null,
    loadingPollMs: 50,
    life: forever(),
    modelFor: (requested) => requested,
    known: () => [],
    onModels: () => {},
  });
  return ask(place, { model: 'tiny', ...question }, () => createDeadline(signal));
}
