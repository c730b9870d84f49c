import { expect, test } from 'vitest';
import { grammarSchema, type JsonSchema } from '../../../src/main/backends/llamacpp/schema.ts';

const TEXT = { type: 'string' };

test.each<[string, JsonSchema]>([
  ['types', { type: 'object', properties: { a: TEXT, b: { type: ['number', 'null'] } }, required: ['a'] }],
  ['lists', { type: 'array', items: { type: 'boolean' }, prefixItems: [TEXT], minItems: 2 }],
  ['values', { type: 'object', properties: { a: { enum: ['x', 1, null] }, b: { const: 'y' } } }],
  ['references', { type: 'object', properties: { a: { $ref: '#/$defs/word' } }, $defs: { word: TEXT } }],
  ['choices', { oneOf: [TEXT, { type: 'null' }] }],
  ['maps', { type: 'object', additionalProperties: TEXT }],
])('%s pass as they are', (_, schema) => {
  expect(grammarSchema(schema)).toEqual(schema);
});

test('anyOf is said as the library knows it, wherever it stands', () => {
  const either = { anyOf: [TEXT, { type: 'null' }] };
  const known = { oneOf: [TEXT, { type: 'null' }] };
  expect(grammarSchema(either)).toEqual(known);
  expect(grammarSchema({ type: 'object', properties: { a: either }, $defs: { b: either } })).toEqual({
    type: 'object',
    properties: { a: known },
    $defs: { b: known },
  });
  expect(grammarSchema({ type: 'array', items: either })).toEqual({ type: 'array', items: known });
});

test.each<[string, JsonSchema]>([
  ['no type', { type: 'object', properties: { a: {} } }],
  ['an unknown type', { type: 'banana' }],
  ['no value', { enum: [] }],
  ['a reference to nothing', { $ref: '#/$defs/gone' }],
  ['a reference elsewhere', { $ref: 'https://example.org/schema' }],
  ['allOf', { allOf: [TEXT], type: 'string' }],
  ['properties that are none', { type: 'object', properties: 3 }],
  ['a part that is none', { type: 'array', items: null }],
])('one with %s is refused: the library would write null in silence', (_, schema) => {
  expect(() => grammarSchema(schema)).toThrow(/can’t follow the schema/);
});

test.each<[string, JsonSchema]>([
  ['a constant', { const: 'a\u0000' }],
  ['one of several values', { enum: ['a', { b: ['\u0007'] }] }],
  ['the name of a property', { type: 'object', properties: { 'a\u001f': TEXT } }],
])('control characters in %s are refused: the grammar would be none, or the answer no JSON', (_, schema) => {
  expect(() => grammarSchema(schema)).toThrow(/control characters/);
});

test('ends of lines, tabs and characters of every script may be asked for', () => {
  const schema = { enum: ['a\r\n\tb', '"\\', '👩‍👩‍👧‍👦 日本語𠮷 שלום'] };
  expect(grammarSchema(schema)).toEqual(schema);
});
