// Ollama as a backend against the recorded exchanges: answers, limits, and a code for everything that goes wrong.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createActivityBoard, parseAddress } from '../../../src/main/ollama/index.ts';
import type { ChatEvent } from '../../../src/main/backends/interface.ts';
import { recording } from '../../support/replay-ollama/recordings.ts';
import { cleanUp, forever, hear, hello, ollamaAt, replay } from './setup.ts';

afterEach(cleanUp);

describe('an answer', () => {
  it('is what the real server streamed, with its counts', async () => {
    const server = await replay();
    const { events, error } = await hear(ollamaAt(server.url).chat(hello, forever()));
    expect(error).toBeNull();
    const texts = recording('chat-stream').response.lines.map(
      ({ text }) => (JSON.parse(text) as { message: { content: string } }).message.content,
    );
    expect(events.flatMap((event) => (event.type === 'text' ? [event.text] : []))).toEqual(texts.filter(Boolean));
    expect(events.at(-1)).toEqual({
      type: 'done',
      reason: 'length',
      usage: {
        promptTokens: 19,
        answerTokens: 24,
        loadMs: 307.196855,
        answerMs: 269.969075,
        firstTokenMs: expect.any(Number),
        totalMs: expect.any(Number),
      },
    });
    expect(events.some((event) => event.type === 'loading')).toBe(false);
  });

  it('is asked for as the request says', async () => {
    const server = await replay();
    const backend = ollamaAt(server.url);
    await hear(backend.chat({ ...hello, options: { maxTokens: 5, seed: 7 } }, forever()));
    await hear(backend.chat(hello, forever()));
    const [first, second] = server.requestsTo('/api/chat');
    expect(first?.body).toEqual({
      model: 'tiny',
      messages: hello.messages,
      shift: false,
      stream: true,
      options: { num_predict: 5, seed: 7 },
    });
    expect(second?.body).not.toHaveProperty('options');
  });

  it('carries the threads and layers of the settings, on this computer only', async () => {
    const server = await replay();
    const engine = () => ({ threads: 6, gpuLayers: 0 });
    const address = { ...parseAddress(server.url), from: 'settings' as const };
    const elsewhere = () => ({ ...address, isLoopback: false });
    await hear(ollamaAt(server.url, {}, { engine }).chat({ ...hello, options: { seed: 7 } }, forever()));
    await hear(ollamaAt(server.url, {}, { engine, address: elsewhere }).chat(hello, forever()));
    const [here, there] = server.requestsTo('/api/chat');
    expect(here?.body).toMatchObject({ options: { num_thread: 6, num_gpu: 0, seed: 7 } });
    expect(there?.body).not.toHaveProperty('options');
  });

  it('is told on the board from the question to its end, whatever the end is', async () => {
    const told: string[] = [];
    const watched = () => {
      const board = createActivityBoard();
      board.onChange(() =>
        told.push(
          board
            .current()
            .map(({ type, model }) => `${type} ${model}`)
            .join(),
        ),
      );
      return board;
    };
    const slow = await replay({ loaded: [], holdAfterRecords: 0 });
    const heard = hear(ollamaAt(slow.url, {}, { board: watched(), loadingPollMs: 10 }).chat(hello, forever()));
    await vi.waitFor(() => expect(told).toEqual(['answering tiny', 'loading tiny']));
    slow.release();
    await heard;
    expect(told).toEqual(['answering tiny', 'loading tiny', 'answering tiny', '']);
    told.length = 0;
    const broken = await replay({ fault: { kind: 'hang-up' } });
    const { error } = await hear(ollamaAt(broken.url, {}, { board: watched() }).chat(hello, forever()));
    expect(error).toMatchObject({ code: 'backend_empty' });
    expect(told.at(-1)).toBe('');
  });

  it('tells when the server cut the prompt silently', async () => {
    const server = await replay({ recording: 'chat-context-overflow' });
    const long = { model: 'tiny', messages: [{ role: 'user' as const, content: 'word '.repeat(4_800) }] };
    const { events } = await hear(ollamaAt(server.url).chat(long, forever()));
    expect(events.at(-1)).toMatchObject({ type: 'done', usage: { promptTokens: 256, wasPromptCut: true } });
  });

  it('keeps thinking apart from text', async () => {
    const server = await replay({ answer: { thinking: ['hm', '…'], tokens: ['42'] } });
    const { events } = await hear(ollamaAt(server.url).chat(hello, forever()));
    expect(events.slice(0, 3)).toEqual([
      { type: 'thinking', text: 'hm' },
      { type: 'thinking', text: '…' },
      { type: 'text', text: '42' },
    ]);
  });

  it('survives being split anywhere, also inside characters', async () => {
    const tokens = ['Grüße ', '日本語 ', '👩‍👩‍👧‍👦', ' שלום', '\u0000\n'];
    const server = await replay({ answer: { tokens }, splitBytes: 1 });
    const { text, error } = await hear(ollamaAt(server.url).chat(hello, forever()));
    expect(error).toBeNull();
    expect(text).toBe(tokens.join(''));
  });

  it.each([
    ['in many records', Array.from({ length: 4_096 }, (_, index) => `${index}`.padEnd(256, '·'))],
    ['in one record', ['·'.repeat(1024 * 1024)]],
  ])('of a megabyte %s arrives whole', async (_, tokens) => {
    const server = await replay({ answer: { tokens } });
    const { text } = await hear(ollamaAt(server.url).chat(hello, forever()));
    expect(text === tokens.join('')).toBe(true);
  });

  it('to a question of megabytes', async () => {
    const server = await replay({ answer: { tokens: ['ok'] } });
    const content = 'ä'.repeat(5_000_000);
    const { text } = await hear(
      ollamaAt(server.url).chat({ model: 'tiny', messages: [{ role: 'user', content }] }, forever()),
    );
    expect(text).toBe('ok');
  });

  it('leaves its connections to the next ones', async () => {
    const server = await replay({ answer: { tokens: ['ok'] } });
    const backend = ollamaAt(server.url);
    for (let round = 0; round < 20; round += 1) await hear(backend.chat(hello, forever()));
    // One for the answers, one or two for the looks beside them, not forty.
    expect(server.connections()).toBeLessThan(6);
  });

  it('comes from a server that listens on ::1 only, named localhost', async () => {
    const server = await replay({ host: '::1', answer: { tokens: ['ok'] } });
    expect((await hear(ollamaAt(`localhost:${server.port}`).chat(hello, forever()))).text).toBe('ok');
  });
});

describe('what goes wrong has a code of its own', () => {
  it.each([
    ['a full queue', { kind: 'busy' }, 'backend_busy', /busy/],
    ['a web page', { kind: 'html' }, 'backend_html', /web page/],
    [
      'garbage instead of a stream',
      { kind: 'status', status: 200, body: '%PDF-1.7', contentType: 'application/x-ndjson' },
      'backend_garbage',
      /does not understand/,
    ],
    ['nothing', { kind: 'empty' }, 'backend_empty', /without an answer/],
    ['a connection closed without a word', { kind: 'hang-up' }, 'backend_empty', /without an answer/],
    ['a cut before the first record', { kind: 'cut', afterRecords: 0 }, 'backend_empty', /without an answer/],
    ['a refusal', { kind: 'status', status: 403, body: '' }, 'backend_refused', /\(403\)/],
    [
      'a refusal by a page',
      { kind: 'status', status: 401, body: '<p>', contentType: 'text/html' },
      'backend_refused',
      /401/,
    ],
    [
      'an error',
      { kind: 'status', status: 500, body: '{"error":"out of memory."}' },
      'backend_failed',
      /: out of memory\. /,
    ],
    ['an error without words', { kind: 'status', status: 500, body: '' }, 'backend_failed', /HTTP 500/],
    [
      'another API',
      { kind: 'status', status: 404, body: 'nope', contentType: 'text/plain' },
      'backend_garbage',
      /does not understand/,
    ],
    [
      'another JSON API',
      { kind: 'status', status: 200, body: '{"status":"ok"}' },
      'backend_garbage',
      /does not understand/,
    ],
  ] as const)('%s', async (_, fault, code, sentence) => {
    const server = await replay({ fault });
    const { events, error } = await hear(ollamaAt(server.url).chat(hello, forever()));
    expect(error).toMatchObject({ code, message: expect.stringMatching(sentence) });
    expect(events).toEqual([]);
  });

  it.each([
    ['the connection is cut', { fault: { kind: 'cut', afterRecords: 3 } }, 'stream_cut', 3],
    ['the stream ends without its done record', { recording: 'chat-server-terminated' }, 'stream_cut', 5],
    ['the runner is killed', { fault: { kind: 'runner-killed' } }, 'backend_failed', 8],
    ['an error line comes', { fault: { kind: 'error-line', afterRecords: 2, error: 'x' } }, 'backend_failed', 2],
  ] as const)('in the middle, keeping what came: %s', async (_, behaviour, code, count) => {
    const server = await replay(behaviour);
    const { events, error } = await hear(ollamaAt(server.url).chat(hello, forever()));
    expect(error).toMatchObject({ code });
    expect(events.filter((event) => event.type === 'text')).toHaveLength(count);
  });

  it('but a line that nobody knows in a good stream is passed over', async () => {
    const server = await replay({ answer: { tokens: ['a', 'b', 'c'] }, fault: { kind: 'garbage', afterRecords: 2 } });
    const heard = await hear(ollamaAt(server.url).chat(hello, forever()));
    expect(heard).toMatchObject({ error: null, text: 'abc' });
  });

  it('nobody listens', async () => {
    const server = await replay();
    await server.close();
    const { error } = await hear(ollamaAt(server.url).chat(hello, forever()));
    expect(error).toMatchObject({
      code: 'backend_unreachable',
      params: { backend: 'Ollama', host: `127.0.0.1:${server.port}` },
    });
  });

  it('a model that is not there: the error names what is', async () => {
    const server = await replay({ models: [{ name: 'llama3.2:3b' }, { name: 'qwen3:8b' }] });
    const { error } = await hear(ollamaAt(server.url).chat({ ...hello, model: 'nope' }, forever()));
    expect(error).toMatchObject({
      code: 'model_not_found',
      params: { backend: 'Ollama', model: 'nope', installed: 'llama3.2:3b, qwen3:8b' },
    });
  });

  it('no model at all', async () => {
    const server = await replay({ models: [] });
    const { error } = await hear(ollamaAt(server.url).chat({ ...hello, model: null }, forever()));
    expect(error).toMatchObject({ code: 'no_model_installed' });
  });
});

describe('limits', () => {
  it('end a wait for the first token of a model in memory', async () => {
    const server = await replay({ holdAfterRecords: 0, fault: { kind: 'no-headers', path: '/api/ps' } });
    const { error } = await hear(ollamaAt(server.url, { firstTokenMs: 100 }).chat(hello, forever()));
    expect(error).toMatchObject({ code: 'backend_first_token_timeout', params: { seconds: 0.1 } });
    await vi.waitFor(() => expect(server.requestsTo('/api/chat')[0]?.aborted).toBe(true));
  });

  it('end a silence in the middle, keeping what came', async () => {
    const server = await replay({ fault: { kind: 'stall', afterRecords: 3 } });
    const { events, error } = await hear(ollamaAt(server.url, { silenceMs: 100 }).chat(hello, forever()));
    expect(error).toMatchObject({ code: 'backend_silent' });
    expect(events.filter((event) => event.type === 'text')).toHaveLength(3);
    await vi.waitFor(() => expect(server.requestsTo('/api/chat')[0]?.aborted).toBe(true));
  });

  it('give a model that is being loaded its own time, and say so', async () => {
    const server = await replay({ loaded: [], holdAfterRecords: 0 });
    // The usual limit is far too short for this answer.
    const stream = ollamaAt(server.url, { firstTokenMs: 100 }, { loadingPollMs: 10 }).chat(hello, forever());
    const iterator = stream[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: { type: 'loading', model: 'tiny' } });
    // Many looks later than the usual limit it is still waited for.
    await vi.waitFor(() => expect(server.requestsTo('/api/ps').length).toBeGreaterThan(15), { timeout: 5_000 });
    server.release();
    expect(await iterator.next()).toMatchObject({ value: { type: 'text' } });
    await iterator.return?.();
  });

  it('end a load that takes too long', async () => {
    const server = await replay({ loaded: [], fault: { kind: 'no-headers' } });
    const { events, error } = await hear(ollamaAt(server.url, { loadMs: 150 }).chat(hello, forever()));
    expect(events).toEqual([{ type: 'loading', model: 'tiny' }]);
    expect(error).toMatchObject({ code: 'backend_load_timeout', params: { model: 'tiny', seconds: 0.15 } });
  });

  it('begin anew when the load is over', async () => {
    let looks = 0;
    const server = await replay({
      loaded: [],
      fault: { kind: 'no-headers' },
      onRequest({ path }) {
        if (path !== '/api/ps') return;
        looks += 1;
        // It is in memory, and then its server tells nothing any more.
        if (looks === 2) server.set({ loaded: 'all' });
        if (looks === 6) server.set({ fault: { kind: 'no-headers', path } });
      },
    });
    const { error } = await hear(
      (async function* () {
        for await (const event of ollamaAt(server.url, { firstTokenMs: 100 }, { loadingPollMs: 10 }).chat(
          hello,
          forever(),
        )) {
          yield event;
        }
      })(),
    );
    expect(error).toMatchObject({ code: 'backend_first_token_timeout' });
  });
});

describe('an abort', () => {
  it('before it is asked sends nothing', async () => {
    const server = await replay();
    const { error } = await hear(ollamaAt(server.url).chat(hello, AbortSignal.abort()));
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(server.requestsTo('/api/chat')).toHaveLength(0);
  });

  it('before the headers reaches the server', async () => {
    const server = await replay({ fault: { kind: 'no-headers' } });
    const controller = new AbortController();
    const heard = hear(ollamaAt(server.url).chat(hello, controller.signal));
    await vi.waitFor(() => expect(server.requestsTo('/api/chat')).toHaveLength(1));
    controller.abort();
    expect((await heard).error).toMatchObject({ code: 'cancelled' });
    await vi.waitFor(() => expect(server.requestsTo('/api/chat')[0]?.aborted).toBe(true));
  });

  it('in the middle reaches the server, and keeps what came', async () => {
    const server = await replay({ holdAfterRecords: 4 });
    const controller = new AbortController();
    const heard = hear(ollamaAt(server.url).chat(hello, controller.signal));
    await server.held();
    controller.abort();
    const { events, error } = await heard;
    expect(error).toMatchObject({ code: 'cancelled' });
    expect(events.filter((event) => event.type === 'text').length).toBeLessThanOrEqual(4);
    await vi.waitFor(() => expect(server.requestsTo('/api/chat')[0]?.aborted).toBe(true));
  });

  it.each([
    ['while the model loads', { loaded: [], holdAfterRecords: 0 }],
    ['after the first token', { holdAfterRecords: 1 }],
  ])('by leaving the stream reaches the server: %s', async (_, behaviour) => {
    const server = await replay(behaviour);
    let first: ChatEvent | null = null;
    for await (const event of ollamaAt(server.url).chat(hello, forever())) {
      first = event;
      break;
    }
    expect(first).not.toBeNull();
    await vi.waitFor(() => expect(server.requestsTo('/api/chat')[0]?.aborted).toBe(true));
  });
});

describe('a look', () => {
  it('tells version, latency and models, newest first', async () => {
    const server = await replay({
      version: '0.32.5',
      models: [
        { name: 'old:1b', modifiedAt: '2024-01-01T00:00:00Z' },
        { name: 'new:1b', modifiedAt: '2026-01-01T00:00:00Z' },
        { name: 'vectors:1b', modifiedAt: '2026-06-01T00:00:00Z', capabilities: ['embedding'] },
      ],
    });
    const backend = ollamaAt(server.url);
    expect(backend.modelFor(null)).toBeNull();
    const status = await backend.look(forever());
    expect(status).toMatchObject({ state: 'ready', version: '0.32.5', isOwned: false, problem: null });
    expect(status.latencyMs).toBeGreaterThan(0);
    expect(status.models.map(({ name }) => name)).toEqual(['new:1b', 'old:1b']);
    expect(backend.modelFor(null)).toBe('new:1b');
    expect(backend.modelFor('old:1b')).toBe('old:1b');
    expect(backend.describe('new:1b')).toEqual({
      url: `ollama://new:1b@127.0.0.1:${server.port}`,
      host: `127.0.0.1:${server.port}`,
    });
    expect(backend.lane).toBe(`ollama:127.0.0.1:${server.port}`);
  });

  it.each([
    ['a web page', { kind: 'html', path: '/api/version' }, 'backend_html'],
    ['another API', { kind: 'status', status: 200, body: '{"ok":true}', path: '/api/version' }, 'backend_garbage'],
    ['no JSON', { kind: 'status', status: 200, body: 'hello', path: '/api/version' }, 'backend_garbage'],
    ['no list of models', { kind: 'status', status: 200, body: '{}', path: '/api/tags' }, 'backend_garbage'],
    ['a refusal', { kind: 'status', status: 403, body: '', path: '/api/version' }, 'backend_refused'],
    ['nothing', { kind: 'no-headers', path: '/api/version' }, 'backend_no_answer'],
  ] as const)('at %s says why it is unavailable, and prints nothing', async (_, fault, code) => {
    const server = await replay({ fault });
    const printed = [vi.spyOn(console, 'log'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
    const status = await ollamaAt(server.url, { connectMs: 200 }).look(forever());
    expect(status).toMatchObject({ state: 'unavailable', problem: { code } });
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('at the default address where nobody is says that no Ollama was found; elsewhere it names the address', async () => {
    const server = await replay();
    await server.close();
    const address = parseAddress(server.url);
    const looked = (from: 'default' | 'settings') =>
      ollamaAt(server.url, {}, { address: () => ({ ...address, from }) }).look(forever());
    expect(await looked('default')).toMatchObject({
      state: 'unavailable',
      problem: { code: 'ollama_not_installed', message: 'No Ollama was found' },
    });
    expect(await looked('settings')).toMatchObject({ state: 'unavailable', problem: { code: 'backend_unreachable' } });
  });

  it('without any model tells how to get one', async () => {
    const server = await replay({ models: [] });
    const status = await ollamaAt(server.url).look(forever());
    expect(status).toMatchObject({ state: 'ready', models: [], problem: { code: 'no_model_installed' } });
  });
});
