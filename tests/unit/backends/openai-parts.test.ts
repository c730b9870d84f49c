// The parts of the OpenAI-compatible backend: requests, calls in pieces, lists of models, refusals, and secrets kept.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessHeaders, askedWith, withoutSecrets } from '../../../src/main/backends/remote/asked.ts';
import type { ChatRequest } from '../../../src/main/backends/interface.ts';
import { readChunk } from '../../../src/main/backends/openai/chunks.ts';
import { newDialect } from '../../../src/main/backends/openai/dialect.ts';
import { failureOf, refusalFrom } from '../../../src/main/backends/openai/failures.ts';
import { readModels } from '../../../src/main/backends/openai/models.ts';
import { chatBody } from '../../../src/main/backends/openai/request.ts';
import { createToolCallPieces } from '../../../src/main/backends/openai/tool-calls.ts';
import { readVectors } from '../../../src/main/backends/openai/vectors.ts';

const user = (content: string) => ({ role: 'user' as const, content });
const ask = (rest: Partial<ChatRequest> = {}): ChatRequest => ({ model: 'm', messages: [user('hi')], ...rest });

describe('a request', () => {
  it('carries nothing that nobody asked for', () => {
    expect(chatBody('m', ask(), newDialect())).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(chatBody('m', ask({ delivery: 'whole' }), newDialect())).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
    });
  });

  it('carries sampling in the words of the standard, and what is beyond it to engines that know it', () => {
    const options = {
      maxTokens: 5,
      temperature: 0.1,
      topP: 0.9,
      seed: 7,
      stop: ['x'],
      topK: 3,
      minP: 0.2,
      repeatPenalty: 1.1,
    };
    const standard = { max_tokens: 5, temperature: 0.1, top_p: 0.9, seed: 7, stop: ['x'] };
    const bodyFor = (flavour: 'llamacpp' | 'vllm' | null) => {
      const {
        model,
        messages,
        stream,
        stream_options: usage,
        ...rest
      } = chatBody('m', ask({ options }), { ...newDialect(), flavour });
      expect({ model, messages, stream, usage }).toBeDefined();
      return rest;
    };
    expect(bodyFor(null)).toEqual(standard);
    expect(bodyFor('llamacpp')).toEqual({ ...standard, top_k: 3, min_p: 0.2, repeat_penalty: 1.1 });
    expect(bodyFor('vllm')).toEqual({ ...standard, top_k: 3, min_p: 0.2, repetition_penalty: 1.1 });
  });

  it('carries formats, tools and how much to think', () => {
    const schema = { type: 'object' };
    expect(chatBody('m', ask({ format: 'json' }), newDialect())).toMatchObject({
      response_format: { type: 'json_object' },
    });
    expect(chatBody('m', ask({ format: schema }), newDialect())).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { schema } },
    });
    const tools = [{ name: 'now' }, { name: 'add', description: 'Adds.', parameters: schema }];
    expect(chatBody('m', ask({ tools }), newDialect()).tools).toEqual([
      { type: 'function', function: { name: 'now' } },
      { type: 'function', function: { name: 'add', description: 'Adds.', parameters: schema } },
    ]);
    expect(chatBody('m', ask({ think: 'low' }), newDialect())).toMatchObject({ reasoning_effort: 'low' });
    expect(chatBody('m', ask({ think: false }), newDialect())).not.toHaveProperty('chat_template_kwargs');
    expect(chatBody('m', ask({ think: false }), { ...newDialect(), flavour: 'vllm' })).toMatchObject({
      chat_template_kwargs: { enable_thinking: false },
    });
  });

  it('carries images as data URLs, by what they are', () => {
    const messages = [{ ...user('look'), images: ['iVBORw0KGgoAAAA', '/9j/4AAQ'] }];
    expect(chatBody('m', ask({ messages }), newDialect()).messages[0]?.content).toEqual([
      { type: 'text', text: 'look' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgoAAAA' } },
      { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,/9j/4AAQ' } },
    ]);
  });

  it('carries calls and their results, with ids also where an engine gave none', () => {
    const call = (id: string | null, name: string) => ({ id, name, arguments: { a: 1 } });
    const messages: ChatRequest['messages'] = [
      user('hi'),
      { role: 'assistant', content: '', toolCalls: [call('c1', 'add'), call(null, 'now'), call(null, 'now')] },
      { role: 'tool', content: '2', toolCallId: 'c1' },
      { role: 'tool', content: 'noon', toolName: 'now' },
      { role: 'tool', content: 'later', toolCallId: null },
    ];
    const sent = chatBody('m', ask({ messages }), newDialect()).messages;
    expect(sent[1]).toEqual({
      role: 'assistant',
      content: null,
      tool_calls: ['c1', 'call_1_1', 'call_1_2'].map((id, index) => ({
        id,
        type: 'function',
        function: { name: index === 0 ? 'add' : 'now', arguments: '{"a":1}' },
      })),
    });
    expect(sent.slice(2)).toEqual([
      { role: 'tool', content: '2', tool_call_id: 'c1' },
      { role: 'tool', content: 'noon', tool_call_id: 'call_1_1' },
      { role: 'tool', content: 'later', tool_call_id: 'call_1_2' },
    ]);
  });
});

describe('calls in pieces', () => {
  const whole = (pieces: object[]) => {
    const calls = createToolCallPieces();
    for (const piece of pieces) calls.add([piece]);
    return calls.whole();
  };

  it('are put together wherever their arguments were cut', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (given, at) => {
        const text = JSON.stringify(given);
        const cut = at % (text.length + 1);
        const first = { index: 0, id: 'c', function: { name: 'f', arguments: text.slice(0, cut) } };
        const calls = whole([first, { index: 0, function: { arguments: text.slice(cut) } }]);
        expect(calls).toEqual([{ id: 'c', name: 'f', arguments: JSON.parse(text) as unknown }]);
      }),
    );
  });

  it('are told apart by index, by id where all have the same index, and by nothing where there is neither', () => {
    const piece = (index: number | undefined, id: string | undefined, given: string, name = 'f') => ({
      index,
      id,
      function: { name, arguments: given },
    });
    expect(
      whole([piece(0, 'a', '{"x"'), piece(1, 'b', '{"y"'), piece(0, undefined, ':1}'), piece(1, undefined, ':2}')]),
    ).toEqual([
      { id: 'a', name: 'f', arguments: { x: 1 } },
      { id: 'b', name: 'f', arguments: { y: 2 } },
    ]);
    expect(whole([piece(0, 'a', '{}'), piece(0, 'b', '{}')])?.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(whole([piece(undefined, undefined, '{"x":'), piece(undefined, undefined, '1}')])).toEqual([
      { id: null, name: 'f', arguments: { x: 1 } },
    ]);
  });

  it('may have no arguments, or an object of them', () => {
    expect(whole([{ index: 0, function: { name: 'f', arguments: '' } }])).toEqual([
      { id: null, name: 'f', arguments: {} },
    ]);
    expect(whole([{ index: 0, function: { name: 'f', arguments: { a: 1 } } }])?.[0]?.arguments).toEqual({ a: 1 });
  });

  it.each([
    [{ function: { name: 'f', arguments: '{"a":' } }],
    [{ function: { name: 'f', arguments: '[1]' } }],
    [{ function: { arguments: '{}' } }],
  ])('that are not whole are none: %j', (piece) => {
    expect(whole([piece])).toBeNull();
  });
});

describe('a record', () => {
  it('keeps counts that are not told null, and reads text in parts', () => {
    expect(readChunk({ choices: [], usage: { completion_tokens: 3 } }).counts).toEqual({
      promptTokens: null,
      answerTokens: 3,
    });
    expect(readChunk({ choices: [{ delta: { content: [{ type: 'text', text: 'a' }, { text: 'b' }] } }] }).text).toBe(
      'ab',
    );
    expect(readChunk({ choices: [{ delta: { reasoning: 'x', reasoning_content: 'x' } }] }).thinking).toBe('x');
    expect(readChunk({ choices: [{ index: 1, delta: { content: 'other' } }] }).text).toBe('');
  });

  it('of any shape is read without a fault', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('choices', 'usage', 'timings'), fc.jsonValue()),
        (value) => void readChunk(value),
      ),
    );
  });
});

describe('a list of models', () => {
  it('leaves out what is told to be no chat model', () => {
    const data = [
      { id: 'a' },
      { id: 'b', type: 'embeddings' },
      { id: 'text-embedding-nomic' },
      { id: 'c', capabilities: { completion_chat: false } },
      { id: 'd', capabilities: ['embedding'] },
      { id: 'e', type: 'llm', meta: { size: 5, n_params: 3_210_000_000 } },
      { noId: true },
    ];
    const found = readModels({ object: 'list', data }, null);
    expect(found?.models.map(({ name }) => name)).toEqual(['a', 'e']);
    expect(found?.models[1]).toMatchObject({ sizeBytes: 5, parameters: '3.2B' });
    expect(found?.embeddingModel).toBe('b');
  });

  it('tells the engine by its owner or its Server header, and no proxy as one', () => {
    expect(readModels({ data: [{ id: 'a', owned_by: 'llamacpp' }] }, null)).toMatchObject({
      flavour: 'llamacpp',
      version: 'llama.cpp',
    });
    expect(readModels({ data: [{ id: 'a', owned_by: 'vllm' }] }, 'uvicorn')).toMatchObject({
      flavour: 'vllm',
      version: 'vLLM',
    });
    expect(readModels({ data: [] }, 'llama.cpp')).toMatchObject({ flavour: 'llamacpp' });
    expect(readModels({ data: [{ id: 'a' }] }, 'LM Studio/0.3.9')).toMatchObject({
      flavour: null,
      version: 'LM Studio 0.3.9',
    });
    expect(readModels({ data: [{ id: 'a', owned_by: 'library' }] }, 'nginx/1.27')).toMatchObject({
      flavour: null,
      version: null,
    });
  });

  it('may be bare, empty or null, and is nothing else', () => {
    expect(readModels([{ id: 'a' }], null)?.models).toHaveLength(1);
    expect(readModels({ object: 'list', data: null }, null)?.models).toEqual([]);
    for (const value of [null, 'x', {}, { data: 5 }, { error: 'x', data: null }])
      expect(readModels(value, null)).toBeNull();
  });
});

describe('vectors', () => {
  it('stand in the order of the texts, and are none when one is missing', () => {
    const data = [
      { index: 1, embedding: [2] },
      { index: 0, embedding: [1] },
    ];
    expect(readVectors({ data }, 2)).toEqual([Float32Array.of(1), Float32Array.of(2)]);
    expect(readVectors({ data: [{ embedding: [1] }, { embedding: [2] }] }, 2)).toEqual([
      Float32Array.of(1),
      Float32Array.of(2),
    ]);
    const wrong = [
      data.slice(1),
      [data[0], data[0]],
      [{ index: 0, embedding: 'QUJD' }, data[0]],
      [{ index: 7, embedding: [1] }, data[1]],
      null,
    ];
    for (const one of wrong) expect(readVectors({ data: one }, 2)).toBeNull();
  });
});

describe('a refusal', () => {
  const refusing = (status: number, said: string, headers: Record<string, string> = {}) =>
    refusalFrom({ status, said, header: (name) => headers[name] ?? null });
  const asked = (key: string | null = null) => askedWith('Workstation', 'gpu:1', { key, headers: {} });
  const codeOf = (status: number, body: string, key: string | null = null, type = 'application/json') =>
    failureOf(refusing(status, body, { 'content-type': type }), asked(key), 'm').code;

  it.each([
    [401, '{}', null, 'backend_key_needed'],
    [401, '{}', 'sk-1', 'backend_key_refused'],
    [403, '{}', 'sk-1', 'backend_key_refused'],
    [403, '{}', null, 'backend_refused'],
    [404, '{"error":{"message":"The model `m` does not exist.","code":404}}', null, 'model_not_found'],
    [404, '{"error":{"message":"no","code":"model_not_found"}}', null, 'model_not_found'],
    [404, '{"detail":"Not Found"}', null, 'backend_not_known'],
    [404, '404 page not found', null, 'backend_not_known'],
    [404, '<!DOCTYPE html><p>', null, 'backend_html'],
    [301, '', null, 'backend_not_known'],
    [429, '{}', null, 'backend_busy'],
    [503, '', null, 'backend_busy'],
    [500, '{"error":"out of memory"}', null, 'backend_failed'],
    [400, '{"error":{"message":"too long"}}', null, 'request_refused'],
    [413, '', null, 'request_too_large'],
    [511, '', null, 'backend_login'],
    [200, '<html><form><input type="password"></form></html>', null, 'backend_login'],
    [502, '<html><h1>502 Bad Gateway</h1></html>', null, 'backend_gateway'],
    [524, 'error code: 524', null, 'backend_gateway'],
    [504, '{}', null, 'backend_gateway'],
    [502, '{"error":{"message":"the model crashed"}}', null, 'backend_failed'],
    [405, '{"detail":"Method Not Allowed"}', null, 'backend_not_known'],
    [422, '{"detail":[{"msg":"x"}]}', null, 'request_refused'],
    [402, '{}', null, 'backend_quota'],
    [
      429,
      '{"error":{"message":"You exceeded your current quota.","code":"insufficient_quota"}}',
      null,
      'backend_quota',
    ],
    [503, 'No models loaded. Please load a model first.', null, 'backend_model_not_loaded'],
    [503, '{"error":{"message":"No models loaded. Please load a model first."}}', null, 'backend_model_not_loaded'],
  ])('%s %s with the key %s is %s', (status, body, key, code) => {
    expect(codeOf(status, body, key)).toBe(code);
  });

  it('that sends on names the place, without what may be secret in it', () => {
    const location = 'https://me:pw@gpu.example/v1/models?token=sk-1';
    const failure = failureOf(refusing(301, '', { location }), asked(), null);
    expect(failure).toMatchObject({ code: 'backend_redirects', params: { to: 'https://gpu.example/v1/models' } });
    expect(failure.message).toContain('gpu:1 sends Hearth on to https://gpu.example/v1/models');
  });

  it('that sends to a place to sign in says so', () => {
    const location = 'https://wifi.example/login?back=http%3A%2F%2Fgpu';
    const failure = failureOf(refusing(302, '', { location }), asked(), null);
    expect(failure).toMatchObject({ code: 'backend_login', params: { page: 'https://wifi.example/login' } });
  });

  it('says why in the words of the server', () => {
    const told = (body: string) => failureOf(refusing(500, body), asked(), 'm').params.reason;
    expect(told('{"error":{"message":"Out of memory."}}')).toBe('Out of memory');
    expect(told('{"error":"boom"}')).toBe('boom');
    expect(told('{"detail":"nope"}')).toBe('nope');
    expect(told('what')).toBe('what');
    expect(told('')).toBe('HTTP 500');
  });
});

describe('secrets', () => {
  it('are taken out of whatever is said, in every form', () => {
    const anyKey = fc.string({
      unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCodePoint(code)),
      minLength: 8,
      maxLength: 40,
    });
    fc.assert(
      fc.property(anyKey, anyKey, (key, value) => {
        const asked = askedWith('W', 'h:1', { key, headers: { 'x-token': `Token ${value}` } });
        for (const said of [
          `bad key ${key}!`,
          JSON.stringify({ said: key }),
          `?k=${encodeURIComponent(key)}`,
          `<${value}>`,
        ]) {
          const clean = withoutSecrets(said, asked);
          expect(clean).not.toContain(key);
          expect(clean).not.toContain(value);
        }
      }),
    );
  });

  it('go as a bearer, unless a header of the user says it in another way', () => {
    expect(accessHeaders({ key: 'k', headers: { 'X-Org': 'o' } })).toEqual({ authorization: 'Bearer k', 'x-org': 'o' });
    expect(accessHeaders({ key: 'k', headers: { Authorization: 'Basic x' } })).toEqual({ authorization: 'Basic x' });
    expect(accessHeaders({ key: null, headers: {} })).toEqual({});
  });
});
