// Where the answer of a query service is found.
import { describe, expect, it } from 'vitest';
import { readQueryAnswer } from '../../../src/main/backends/query/answer.ts';

const json = (value: unknown) => readQueryAnswer(JSON.stringify(value), 'application/json');

describe('the answer of a query service', () => {
  it.each([
    ['response', { response: 'a' }],
    ['answer', { answer: 'a' }],
    ['text', { text: 'a' }],
    ['result', { result: 'a' }],
    ['the first that holds text', { response: '', answer: 5, text: 'a', result: 'b' }],
    ['data', { data: { answer: 'a' } }],
    ['output', { status: 'ok', output: { text: 'a' } }],
    ['output itself', { output: 'a' }],
    ['a JSON string', 'a'],
  ])('is found in %s', (_, value) => {
    expect(json(value)).toEqual({ type: 'text', text: 'a' });
  });

  it('is read from JSON that calls itself text, and so is an error', () => {
    expect(readQueryAnswer('{"response":"a"}', 'text/plain; charset=utf-8')).toEqual({ type: 'text', text: 'a' });
    expect(readQueryAnswer('{"error":"no"}', 'text/plain')).toMatchObject({ type: 'failure' });
  });

  it.each(['Hello.', '5', '"quoted"', '{"other":1}', '{half'])('is the plain text %s as it is', (body) => {
    expect(readQueryAnswer(body, 'text/plain')).toEqual({ type: 'text', text: body });
  });

  it('is plain text of no kind, but no page', () => {
    expect(readQueryAnswer('Hello.', null)).toEqual({ type: 'text', text: 'Hello.' });
    expect(readQueryAnswer('<!doctype html><p>', null)).toEqual({ type: 'none' });
    expect(readQueryAnswer('Hello.', 'application/json')).toEqual({ type: 'none' });
  });

  it('is JSON also where nobody calls it so', () => {
    expect(readQueryAnswer('{"response":"a"}', null)).toEqual({ type: 'text', text: 'a' });
  });

  it.each([[{}], [[]], [5], [null], [{ data: { data: { answer: 'too deep' } } }]])('is not in %j', (value) => {
    expect(json(value)).toEqual({ type: 'none' });
  });

  it.each([[{ response: '' }], [{ answer: null }], [{ data: { text: '' } }]])('is there, and empty, in %j', (value) => {
    expect(json(value)).toEqual({ type: 'text', text: '' });
  });

  it('is told apart from an error', () => {
    for (const error of [{ error: 'no' }, { detail: [{ msg: 'no' }] }, { status: 'error', message: 'no' }])
      expect(json(error)).toMatchObject({ type: 'failure' });
    expect(json({ response: '', error: null })).toEqual({ type: 'text', text: '' });
    expect(readQueryAnswer('oops', 'application/json')).toEqual({ type: 'none' });
  });
});
