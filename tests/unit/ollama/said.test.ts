// What the body of a refusal says, in every shape that servers have, and as a part of a sentence.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inSentence, readSaid } from '../../../src/main/ollama/index.ts';

describe('what a body says', () => {
  it.each([
    ['OpenAI', '{"error":{"message":"Too long.","type":"invalid_request_error","code":"x"}}', 'Too long.'],
    ['Ollama', '{"error":"no such model"}', 'no such model'],
    ['FastAPI', '{"detail":"nope"}', 'nope'],
    [
      'FastAPI of fields',
      '{"detail":[{"loc":["body","messages",1,"content"],"msg":"Field required","type":"missing"}]}',
      'messages.1.content: Field required',
    ],
    [
      'FastAPI of several fields',
      '{"detail":[{"loc":["body","a"],"msg":"Field required"},{"loc":["query","b"],"msg":"Too short"}]}',
      'a: Field required; query.b: Too short',
    ],
    ['Google', '[{"error":{"code":400,"message":"Bad key.","status":"INVALID_ARGUMENT"}}]', 'Bad key.'],
    ['a framework', '{"message":"No.","statusCode":400}', 'No.'],
    ['words alone', 'the model has gone', 'the model has gone'],
    ['XML', '<?xml version="1.0"?><Error><Code>E1</Code><Message>Not here</Message></Error>', 'Not here'],
    ['SOAP', '<s:Envelope><s:Fault><faultstring>Broken</faultstring></s:Fault></s:Envelope>', 'Broken'],
    ['a mark before it', '\uFEFF{"error":"marked"}', 'marked'],
    ['an error without words', '{"error":{"where":{"x":true}}}', '{"where":{"x":true}}'],
    ['a page', '<!doctype html><h1>502</h1>', null],
    ['nothing', '', null],
    ['an empty object', '{}', null],
  ])('%s', (_, body, reason) => {
    expect(readSaid(body).reason).toBe(reason);
  });

  it('is marked with the words of the API, also in a list', () => {
    expect(readSaid('{"error":{"message":"m","code":"insufficient_quota","type":"t"}}').marks).toBe(
      'insufficient_quota t',
    );
    expect(readSaid('[{"error":{"message":"m","type":"billing"}}]').marks).toBe('billing');
  });
});

describe('words of a server in a sentence', () => {
  it('are one line without what can’t be seen, bounded, without the stop at their end', () => {
    expect(inSentence('a\r\n\tb\u0000c\u202Ed\u2066e...')).toBe('a b c d e');
    expect(inSentence('x'.repeat(2_000))).toBe(`${'x'.repeat(499)}…`);
  });

  it('are so whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (said) => {
        const shown = inSentence(said);
        expect(shown.length).toBeLessThanOrEqual(500);
        expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });
});
