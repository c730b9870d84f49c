// Both readers of answers: what servers put between the records, and wherever they put their reasons, the text is the same.
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Settings } from '../../../src/contract/settings.ts';
import { failureOf, Refused } from '../../../src/main/backends/openai/failures.ts';
import type { ChatEvent } from '../../../src/main/backends/interface.ts';
import { readAnswer as readOllama } from '../../../src/main/backends/ollama/stream.ts';
import { createReader } from '../../../src/main/backends/ollama/reader.ts';
import { newDialect } from '../../../src/main/backends/openai/dialect.ts';
import { readAnswer as readOpenAi } from '../../../src/main/backends/openai/stream.ts';
import { askedWith } from '../../../src/main/backends/remote/asked.ts';
import { createDeadline } from '../../../src/main/backends/waiting/deadline.ts';

const KEY = 'sk-verysecret';
const messages = [{ role: 'user' as const, content: 'hi' }];
const { timeouts } = Settings.parse({});
/** How the connection ends after the bytes; `open`: not at all. */
type End = 'clean' | 'broken' | 'open';
type Reader = (chunks: readonly Uint8Array[], end?: End) => Promise<Heard>;
type Heard = { text: string; thinking: string; end: string };

/** The bytes in these pieces, each when it is asked for. */
function bodyOf(chunks: readonly Uint8Array[], end: End, signal: AbortSignal) {
  const rest = [...chunks];
  return {
    async read() {
      const next = rest.shift();
      if (next !== undefined || end === 'clean') return next ?? null;
      if (end === 'broken') throw new Error('ECONNRESET');
      return await new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      );
    },
    cancel() {},
  };
}

async function hear(events: AsyncIterable<ChatEvent>): Promise<Heard> {
  const heard: Heard = { text: '', thinking: '', end: '' };
  try {
    for await (const event of events) {
      if (event.type === 'text' || event.type === 'thinking') heard[event.type] += event.text;
      if (event.type === 'done') heard.end = event.reason;
    }
  } catch (error) {
    const failure =
      error instanceof Refused ? failureOf(error.refusal, asked, 'm') : (error as Error & { code: string });
    heard.end = failure.code === 'backend_failed' ? failure.message : failure.code;
  }
  return heard;
}

const asked = askedWith('Workstation', 'gpu:1', { key: KEY, headers: {} });

const openAi: Reader = (chunks, end = 'clean') => {
  const deadline = createDeadline(new AbortController().signal);
  const body = bodyOf(chunks, end, deadline.signal);
  const client = { stream: () => Promise.resolve({ contentType: 'text/event-stream', body }) };
  const request = { model: 'm', messages };
  const options = { asked, model: 'm', request, dialect: newDialect(), timeouts, loadingPollMs: 1_000 };
  return hear(readOpenAi({ ...options, client: client as never }, deadline)).finally(() => deadline.end());
};

const ollama: Reader = (chunks, end = 'clean') => {
  const deadline = createDeadline(new AbortController().signal);
  const body = bodyOf(chunks, end, deadline.signal);
  const client = { chat: () => Promise.resolve(body), loaded: () => Promise.resolve([]) };
  const sizes = { contextTokens: null, timeouts };
  const options = { host: 'h:1', request: { model: 'm', messages }, sent: messages, ...sizes, onFirstRecord() {} };
  const look = { delayMs: 60_000, pollMs: 60_000 };
  const reading = { isLocal: true, reader: createReader(() => 0), onLeft() {} };
  return hear(readOllama({ ...options, ...reading, look, client: client as never }, deadline)).finally(() =>
    deadline.end(),
  );
};

const bytes = (text: string) => [Buffer.from(text)];
const sse = (...records: unknown[]) =>
  records.map((one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`).join('');
const choice = (delta: object, reason: unknown = null) => ({ choices: [{ index: 0, delta, finish_reason: reason }] });
const word = (content: string, reason: unknown = null) => choice({ content }, reason);
const ndjson = (...records: unknown[]) => records.map((one) => `${JSON.stringify(one)}\n`).join('');
const said = (content: string, more: object = {}) => ({ message: { content }, done: false, ...more });

/** Nobody knows them, none is an error, none carries text. */
const UNKNOWN = [
  { type: 'ping' },
  { sources: [{ document: ['x'] }] },
  { status: 'searching', message: 'Searching the web' },
  { error: null, detail: '', warning: 'slow' },
  { error: {} },
  {},
  null,
  5,
  [1],
  'word',
];
const OPENAI_NOISE = [
  ...UNKNOWN.map((one) => sse(JSON.stringify(one))),
  ...[{ choices: null }, { choices: [] }, { choices: [null] }, { choices: {} }, { usage: { prompt_tokens: 'x' } }].map(
    (one) => sse(one),
  ),
  ...[{ content: null }, { content: {} }, { content: 5, tool_calls: [null, {}] }, { tool_calls: {} }].map((one) =>
    sse(choice(one)),
  ),
  ...['null', 'None', '', {}, 7].map((reason) => sse(choice({}, reason))),
  ': ping\n\n',
  'event: ping\ndata: {}\n\n',
  'event: status\ndata: busy\n\n',
  'some words of a proxy\n',
  'id: 5\r\n\r\n',
];
const OLLAMA_NOISE = [
  ...UNKNOWN.map((one) => `${JSON.stringify(one)}\n`),
  ...[
    { done: false },
    { message: null, done: false },
    { message: { content: {}, thinking: null, tool_calls: [null] } },
  ].map((one) => ndjson(one)),
  ndjson(said('', { done_reason: 'stop' }), { done: true, done_reason: 'load' }),
  '\n\r\n',
  ': ping\n\n',
  'event: ping\ndata: {}\n\n',
  'some words of a proxy\n',
];

const pieces = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 });
const noisy = (noise: string[]) => fc.array(fc.tuple(fc.nat(), fc.constantFrom(...noise)), { maxLength: 6 });
const REASONS = [null, 'stop', 'null', 'None', '', 'length'];

function mixed(records: string[], noise: [number, string][]): string {
  const all = [...records];
  for (const [at, one] of noise) all.splice(at % (all.length + 1), 0, one);
  return all.join('');
}

const READERS = { openAi, ollama };

describe('the text is the same', () => {
  it('with anything between the records and any reason on each, of an OpenAI-compatible server', async () => {
    const script = fc.tuple(
      pieces,
      noisy(OPENAI_NOISE),
      fc.array(fc.constantFrom(...REASONS), { minLength: 5, maxLength: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 40 }), async ([texts, noise, reasons], size) => {
        const stream =
          mixed(
            texts.map((text, index) => sse(word(text, reasons[index]))),
            noise,
          ) + sse('[DONE]');
        const whole = Buffer.from(stream);
        const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
          whole.subarray(at * size, (at + 1) * size),
        );
        expect(await openAi(chunks)).toMatchObject({
          text: texts.join(''),
          end: expect.stringMatching(/^(?:stop|length)$/),
        });
      }),
      { numRuns: 200 },
    );
  });

  it('with anything between the records, of an Ollama', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, noisy(OLLAMA_NOISE), fc.integer({ min: 1, max: 40 }), async (texts, noise, size) => {
        const records = texts.map((text) => ndjson(said(text, { done_reason: 'stop' })));
        const whole = Buffer.from(mixed(records, noise) + ndjson({ done: true, done_reason: 'stop' }));
        const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, at) =>
          whole.subarray(at * size, (at + 1) * size),
        );
        expect(await ollama(chunks)).toEqual({ text: texts.join(''), thinking: '', end: 'stop' });
      }),
      { numRuns: 200 },
    );
  });

  it.each(['openAi', 'ollama'] as const)('cut at every byte: %s', async (name) => {
    const stream =
      name === 'openAi'
        ? `\uFEFF${sse({ sources: [] }, word('Grüße ', 'stop'))}event: ping\r\ndata: {}\r\n\r\n${sse(word('👩‍👩‍👧 日'), '[DONE]')}`
        : `\uFEFF${ndjson({ status: 'ok' }, said('Grüße '))}\r\n: ping\n\n${sse(said('👩‍👩‍👧 日'))}${ndjson({ done: true }).trim()}`;
    const whole = Buffer.from(stream);
    for (let at = 0; at <= whole.length; at += 1)
      expect(await READERS[name]([whole.subarray(0, at), whole.subarray(at)])).toMatchObject({
        text: 'Grüße 👩‍👩‍👧 日',
        end: 'stop',
      });
    const single = [...whole].map((byte) => Uint8Array.of(byte));
    expect(await READERS[name](single)).toMatchObject({ text: 'Grüße 👩‍👩‍👧 日', end: 'stop' });
  });
});

describe('the end of a stream', () => {
  it.each<[string, string, End, Heard['end'], string]>([
    ['a reason before the last text', sse(word('a'), choice({}, 'stop'), word('b'), '[DONE]'), 'clean', 'stop', 'ab'],
    ['the last reason counts', sse(word('a', 'stop'), word('b', 'length'), '[DONE]'), 'clean', 'length', 'ab'],
    ['a reason that is none', sse(word('a', 'null')), 'clean', 'stream_cut', 'a'],
    ['no reason and no end', sse(word('a')), 'clean', 'stream_cut', 'a'],
    ['an end without a reason', sse(word('a'), '[DONE]'), 'clean', 'stop', 'a'],
    ['a break after the reason', sse(word('a'), choice({}, 'stop')), 'broken', 'stop', 'a'],
    ['a break where every record has one', sse(word('a', 'stop'), word('b', 'stop')), 'broken', 'stream_cut', 'ab'],
    [
      'a break after words that came after it',
      sse(word('a'), choice({}, 'stop'), word('b')),
      'broken',
      'stream_cut',
      'ab',
    ],
    [
      'a whole answer after its pieces',
      sse(word('a'), { choices: [{ message: { content: 'a' }, finish_reason: 'stop' }] }),
      'clean',
      'stop',
      'a',
    ],
  ])('of an OpenAI-compatible server: %s', async (_, stream, how, end, text) => {
    expect(await openAi(bytes(stream), how)).toMatchObject({ text, end });
  });

  it.each<[string, string, End, Heard['end'], string]>([
    [
      'a load, then the answer',
      ndjson({ done: true, done_reason: 'load' }, said('a'), { done: true }),
      'clean',
      'stop',
      'a',
    ],
    ['a load, then a cut answer', ndjson({ done: true, done_reason: 'load' }, said('a')), 'clean', 'stream_cut', 'a'],
    ['nothing but a load', ndjson({ done: true, done_reason: 'load' }), 'clean', 'stop', ''],
    ['a reason without an end', ndjson(said('a', { done_reason: 'stop' })), 'clean', 'stream_cut', 'a'],
    ['an end as a word', ndjson(said('a'), said('b', { done: 'true' })), 'open', 'stop', 'ab'],
    ['an end of another format', ndjson(said('a')) + sse('[DONE]'), 'open', 'stop', 'a'],
  ])('of an Ollama: %s', async (_, stream, how, end, text) => {
    expect(await ollama(bytes(stream), how)).toMatchObject({ text, end });
  });

  it('is waited for a moment after the reason, and as long as ever once a word came after it', async () => {
    vi.useFakeTimers();
    try {
      for (const [stream, waitedMs, end] of [
        [sse(word('a'), choice({}, 'stop')), 1_500, 'stop'],
        [sse(word('a', 'stop')), timeouts.silenceMs, 'stop'],
        [sse(word('a'), choice({}, 'stop'), word('b')), timeouts.silenceMs, 'backend_silent'],
        [sse(choice({}, 'stop')), timeouts.firstTokenMs, 'backend_first_token_timeout'],
      ] as const) {
        let heard: Heard | null = null;
        const reading = openAi(bytes(stream), 'open').then((one) => (heard = one));
        await vi.advanceTimersByTimeAsync(waitedMs - 1);
        expect(heard).toBeNull();
        await vi.advanceTimersByTimeAsync(1);
        expect((await reading).end).toBe(end);
      }
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('an error in the stream is told in the server’s words, and what came before is kept', () => {
  const no = `no ${KEY}`;
  const FORMS: object[] = [
    { error: no },
    { error: { message: no, code: 5 } },
    { error: { error: { message: no } } },
    { error: [{ message: no }] },
    { error: true, message: no },
    { type: 'error', error: { type: 'overloaded', message: no } },
    { object: 'error', message: no, code: 500 },
    { status: 'error', message: no },
    { success: false, message: no },
    { detail: no },
    { detail: [{ msg: no }] },
    { code: 500, message: no },
  ];

  it.each(FORMS)('%j', async (form) => {
    for (const [stream, reader] of [
      [sse(word('a'), form), openAi],
      [sse(form), openAi],
    ] as const)
      expect((await reader(bytes(stream))).end).toMatch(/^Workstation could not answer: no \*\*\*\. /);
    const heard = await ollama(bytes(ndjson(said('a'), form)));
    expect(heard).toMatchObject({ text: 'a', end: expect.stringMatching(/^Ollama could not answer: no sk-/) });
  });

  it.each([
    ['a named event', 'event: error\ndata: {"message":"no"}\n\n'],
    ['words of a named event', 'event: error\ndata: no\n\n'],
    ['an error in its choice', sse({ choices: [{ delta: {}, finish_reason: 'error', error: { message: 'no' } }] })],
  ])('%s', async (_, stream) => {
    const heard = await openAi(bytes(sse(word('a')) + stream));
    expect(heard).toMatchObject({ text: 'a', end: expect.stringMatching(/could not answer: no\. /) });
  });
});

describe('where nothing else comes', () => {
  it.each([
    ['words', 'hello\n', 'backend_garbage'],
    ['a page', '<!doctype html>\n', 'backend_html'],
    ['a record of another program', '{"a":1}\n', 'backend_garbage'],
    ['words without end', 'hello, hello, hello\n'.repeat(5_000), 'backend_garbage'],
    ['nothing', '', 'backend_empty'],
  ])('it is told: %s', async (_, stream, end) => {
    const how = stream.length > 65_536 ? 'open' : 'clean';
    for (const reader of Object.values(READERS)) expect((await reader(bytes(stream), how)).end).toBe(end);
  });
});
