// What Ollama's own API can do beside plain text: what is sent for it, and what comes back.
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../../src/main/backends/interface.ts';
import { cleanUp, forever, hear, hello, ollamaAt, replay } from './setup.ts';

afterEach(cleanUp);

const sentTo = (server: Awaited<ReturnType<typeof replay>>, path = '/api/chat') =>
  server.requestsTo(path).map(({ body }) => body as Record<string, unknown>);

describe('a request', () => {
  it('carries every option by the name that Ollama knows, and nothing that was not asked for', async () => {
    const server = await replay();
    const backend = ollamaAt(server.url);
    const request: ChatRequest = {
      ...hello,
      options: {
        maxTokens: 5,
        seed: 7,
        temperature: 0.1,
        topP: 0.9,
        topK: 40,
        minP: 0.05,
        repeatPenalty: 1.1,
        stop: ['\n'],
        contextTokens: 2_048,
      },
      keepAliveMinutes: 10,
      think: false,
    };
    await hear(backend.chat(request, forever()));
    await hear(backend.chat(hello, forever()));
    await hear(backend.chat({ ...hello, keepAliveMinutes: -1 }, forever()));
    expect(sentTo(server)).toEqual([
      {
        model: 'tiny',
        messages: hello.messages,
        shift: false,
        stream: true,
        think: false,
        keep_alive: '10m',
        options: {
          num_predict: 5,
          seed: 7,
          temperature: 0.1,
          top_p: 0.9,
          top_k: 40,
          min_p: 0.05,
          repeat_penalty: 1.1,
          stop: ['\n'],
          num_ctx: 2_048,
        },
      },
      { model: 'tiny', messages: hello.messages, shift: false, stream: true },
      { model: 'tiny', messages: hello.messages, shift: false, stream: true, keep_alive: -1 },
    ]);
  });

  it('carries pictures, calls of tools and what they returned', async () => {
    const server = await replay({ models: [{ name: 'tiny:latest', capabilities: ['completion', 'tools'] }] });
    const call = { id: 'call_0', name: 'weather', arguments: { city: 'Oslo' } };
    await hear(
      ollamaAt(server.url).chat(
        {
          model: 'tiny',
          messages: [
            { role: 'user', content: 'What is this?', images: ['aGVsbG8='] },
            { role: 'assistant', content: '', toolCalls: [call] },
            { role: 'tool', content: '8 °C', toolName: 'weather', toolCallId: 'call_0' },
          ],
          tools: [{ name: 'weather', description: 'Tells it', parameters: { type: 'object', properties: {} } }],
        },
        forever(),
      ),
    );
    expect(sentTo(server)[0]).toMatchObject({
      messages: [
        { role: 'user', content: 'What is this?', images: ['aGVsbG8='] },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'call_0', function: { name: 'weather', arguments: { city: 'Oslo' } } }],
        },
        { role: 'tool', content: '8 °C', tool_name: 'weather', tool_call_id: 'call_0' },
      ],
      tools: [{ type: 'function', function: { name: 'weather', description: 'Tells it' } }],
    });
  });
});

describe('an answer', () => {
  it('may call tools', async () => {
    const toolCalls = [
      { name: 'weather', arguments: { city: 'Oslo' } },
      { name: 'time', arguments: {} },
    ];
    const server = await replay({ answer: { tokens: ['Let me look.'], toolCalls } });
    const { events, text, error } = await hear(ollamaAt(server.url).chat(hello, forever()));
    expect(error).toBeNull();
    expect(text).toBe('Let me look.');
    expect(events.filter(({ type }) => type === 'tool-call')).toEqual([
      { type: 'tool-call', call: { id: 'call_0', name: 'weather', arguments: { city: 'Oslo' } } },
      { type: 'tool-call', call: { id: 'call_1', name: 'time', arguments: {} } },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'done' });
  });

  it('is of the form that was asked for', async () => {
    const server = await replay();
    const format = { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'] };
    const { text } = await hear(ollamaAt(server.url).chat({ ...hello, format, delivery: 'whole' }, forever()));
    expect(JSON.parse(text)).toEqual({ a: false });
    expect(sentTo(server)[0]).toMatchObject({ format, stream: false });
  });

  it('comes whole with its counts, and may take as long as a load', async () => {
    const server = await replay({ fault: { kind: 'delay-headers', ms: 300 } });
    const backend = ollamaAt(server.url, { firstTokenMs: 100 });
    const { events, text, error } = await hear(backend.chat({ ...hello, delivery: 'whole' }, forever()));
    expect(error).toBeNull();
    expect(text).toBe('\bfr');
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      reason: 'length',
      usage: { promptTokens: 19, answerTokens: 8, answerMs: 17.279992 },
    });
  });

  it('comes without thoughts from a model that has none, after one refusal', async () => {
    const server = await replay();
    const backend = ollamaAt(server.url);
    for (const _ of [1, 2]) {
      const { error, text } = await hear(backend.chat({ ...hello, think: true }, forever()));
      expect(error).toBeNull();
      expect(text).not.toBe('');
    }
    expect(sentTo(server).map(({ think }) => think)).toEqual([true, undefined, undefined]);
  });

  it('says in words that a model can’t use tools', async () => {
    const server = await replay();
    const { error } = await hear(ollamaAt(server.url).chat({ ...hello, tools: [{ name: 'weather' }] }, forever()));
    expect(error).toMatchObject({
      code: 'request_refused',
      message: expect.stringContaining('does not support tools'),
    });
  });
});

describe('a model that takes no system message', () => {
  const messages = [{ role: 'system' as const, content: 'Be brief.' }, ...hello.messages];
  const fault = { kind: 'status', status: 500, body: '{"error":"template: System role not supported"}' } as const;

  it('gets it with the question, found out once', async () => {
    const server = await replay({ fault: { ...fault, times: 1 } });
    const backend = ollamaAt(server.url);
    for (const round of [1, 2])
      expect((await hear(backend.chat({ ...hello, messages }, forever()))).error, `${round}`).toBeNull();
    const roles = sentTo(server, '/api/chat').map((body) =>
      (body as unknown as { messages: { role: string }[] }).messages.map(({ role }) => role),
    );
    expect(roles).toEqual([['system', 'user'], ['user'], ['user']]);
  });

  it('is not asked for ever when it refuses that too', async () => {
    const server = await replay({ fault });
    expect((await hear(ollamaAt(server.url).chat({ ...hello, messages }, forever()))).error).toMatchObject({
      code: 'backend_failed',
    });
    expect(sentTo(server, '/api/chat')).toHaveLength(2);
  });
});

describe('vectors', () => {
  const models = [
    { name: 'tiny:latest', capabilities: ['completion'] },
    { name: 'vectors:1b', capabilities: ['embedding'] },
  ];

  it('come one a text, by the model that is made for them', async () => {
    const server = await replay({ models });
    const vectors = await ollamaAt(server.url).embed?.(['a', 'b'], { model: null, signal: forever() });
    expect(vectors).toHaveLength(2);
    expect(vectors?.[0]).toBeInstanceOf(Float32Array);
    expect(vectors?.[0]?.[0]).toBeCloseTo(-0.118769795);
    expect(sentTo(server, '/api/embed')).toEqual([{ model: 'vectors:1b', input: ['a', 'b'] }]);
  });

  it('of no text need no server; without a model for them that is said', async () => {
    const server = await replay({ models: models.slice(0, 1) });
    const backend = ollamaAt(server.url);
    expect(await backend.embed?.([], { model: null, signal: forever() })).toEqual([]);
    expect(server.requests).toHaveLength(0);
    await expect(backend.embed?.(['a'], { model: null, signal: forever() })).rejects.toMatchObject({
      code: 'no_model_installed',
    });
  });

  it.each([
    ['fewer than were asked for', '{"embeddings":[[1]]}', 'backend_garbage'],
    ['something else', '{"embeddings":"none"}', 'backend_garbage'],
    ['a page', '<html></html>', 'backend_garbage'],
  ])('%s are an error', async (_what, body, code) => {
    const server = await replay({ models, fault: { kind: 'status', status: 200, body, path: '/api/embed' } });
    const asked = ollamaAt(server.url).embed?.(['a', 'b'], { model: null, signal: forever() });
    await expect(asked).rejects.toMatchObject({ code });
  });

  it('end with the question, and with the limit of a load', async () => {
    const server = await replay({ models, fault: { kind: 'no-headers', path: '/api/embed' } });
    const late = ollamaAt(server.url, { loadMs: 150 }).embed?.(['a'], { model: null, signal: forever() });
    await expect(late).rejects.toMatchObject({ code: 'backend_load_timeout' });
    const controller = new AbortController();
    const asked = ollamaAt(server.url).embed?.(['a'], { model: null, signal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });
});
