// The reader of server-sent events: nothing lost wherever the bytes are cut, nothing skipped that is no part of the format.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventReader, type StreamItem } from '../../../src/main/backends/openai/events.ts';

function read(chunks: readonly Uint8Array[]): StreamItem[] {
  const reader = createEventReader();
  return [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.rest()];
}
const readText = (text: string) => read([Buffer.from(text)]);
const record = (value: object) => ({ type: 'record', event: null, value });

describe('records', () => {
  it('come one a data line, with the end told', () => {
    expect(readText('data: {"a":1}\n\ndata: {"a":2}\n\ndata: [DONE]\n\n')).toEqual([
      record({ a: 1 }),
      record({ a: 2 }),
      { type: 'end' },
    ]);
  });

  it.each([
    ['without a space', 'data:{"a":1}\n\n'],
    ['with the line ends of Windows', 'data: {"a":1}\r\n\r\n'],
    ['between comments and other fields', ': ping\n\nid: 7\nretry: 100\ndata: {"a":1}\n\n'],
    ['without a last line end', 'data: {"a":1}'],
    ['over several lines', 'data: {\ndata: "a":1\ndata: }\n\n'],
    ['in no frame at all', '{"a":1}\n'],
    ['in two frames', 'data: data: {"a":1}\n\n'],
    ['after a mark of the byte order', '\uFEFFdata: {"a":1}\n\n'],
    ['with an empty one before', 'data:\n\ndata: {"a":1}\n\n'],
  ])('come %s', (_, text) => {
    expect(readText(text)).toEqual([record({ a: 1 })]);
  });

  it('need no empty line between them', () => {
    const reader = createEventReader();
    expect(reader.push(Buffer.from('data: {"a":1}\n'))).toEqual([record({ a: 1 })]);
  });

  it('carry the name of their event, and only theirs', () => {
    expect(readText('event: error\ndata: {"a":1}\n\ndata: {"a":2}\n\n')).toEqual([
      { type: 'record', event: 'error', value: { a: 1 } },
      record({ a: 2 }),
    ]);
  });

  it.each([
    ['of an old llama-server', 'error: {"message":"no"}\n\n', { message: 'no' }],
    ['in words', 'error: no\n\n', { error: 'no' }],
    ['in a word', 'event: error\ndata: no\n\n', { error: 'no' }],
    ['as a JSON string', 'event: error\ndata: "no"\n\n', { error: 'no' }],
  ])('can be an error %s', (_, text, value) => {
    expect(readText(text)).toEqual([{ type: 'record', event: 'error', value }]);
  });
});

describe('what is no record', () => {
  it.each([
    ['a line of another format', '%PDF-1.7\n', '%PDF-1.7'],
    ['a page', '<!doctype html>\n', '<!doctype html>'],
    ['data that is no JSON', 'data: hello\n\n', 'hello'],
    ['data that is no object', 'data: [1]\n\n', '[1]'],
    ['data that is nothing', 'data: null\n\n', 'null'],
    ['a record that never closes before the next begins', 'data: {"a":\n\n', '{"a":'],
    ['an unknown field', 'foo: bar\n', 'foo: bar'],
  ])('is told: %s', (_, text, said) => {
    expect(readText(text)).toEqual([{ type: 'stray', said }]);
  });

  it('is told when it is longer than any record', () => {
    const reader = createEventReader();
    const half = Buffer.alloc(9 * 1024 * 1024, 'x');
    expect([...reader.push(half), ...reader.push(half)]).toEqual([
      { type: 'stray', said: 'a line without end', isEndless: true },
    ]);
    expect(readText('data: {\n'.repeat(1_001))[0]).toMatchObject({ type: 'stray' });
  });

  it.each(['d', 'data', 'data: {"a', 'data: {"a":"ä'])(
    'is not the beginning of one, when the stream ends in “%s”',
    (text) => {
      expect(readText(`data: {"a":1}\n\n${text}`)).toEqual([record({ a: 1 })]);
    },
  );
});

const anyText = fc.string({ unit: 'binary', maxLength: 30 });
const anyLine = fc.oneof(
  anyText.map((content) => `data: ${JSON.stringify({ content })}`),
  fc.constantFrom(
    '',
    ': ping',
    'id: 1',
    'event: x',
    'data: [DONE]',
    'data: {',
    'data: }',
    'error: {"message":"ü"}',
    'wörd',
  ),
);
const anyStream = fc
  .array(fc.tuple(anyLine, fc.constantFrom('\n', '\r\n', '\n\n', '\r\n\r\n')), { maxLength: 20 })
  .map((lines) => Buffer.from(lines.flat().join('')));

describe('a stream cut anywhere', () => {
  it('reads like the whole', () => {
    fc.assert(
      fc.property(anyStream, fc.array(fc.nat(), { maxLength: 20 }), (bytes, cuts) => {
        const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(read(chunks)).toEqual(read([bytes]));
      }),
      { numRuns: 500 },
    );
  });

  it('reads like the whole at every single byte', () => {
    const bytes = Buffer.from(
      'data: {"content":"Grüße 日本語 👩‍👩‍👧‍👦"}\r\n\r\nevent: x\ndata: {\ndata: "a":"é"}\n\ndata: [DONE]',
    );
    const whole = read([bytes]);
    expect(whole).toHaveLength(3);
    for (let at = 0; at <= bytes.length; at += 1)
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
  });
});
