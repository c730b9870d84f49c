import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { wasPromptCut } from '../../../src/main/backends/prompt-cut.ts';

const sent = (chars: number) => [{ role: 'user' as const, content: 'x'.repeat(chars) }];

test.each([
  // The recorded server with a context of 256 tokens.
  [24_000, 256, true],
  [24_000, 6_000, false],
  [40_000, 4_096, true],
  // Rather nothing than a false alarm.
  [30_000, 4_096, false],
  [900, 1, false],
  [24_000, null, false],
])('%i characters sent, %s tokens read: %s', (chars, tokens, expected) => {
  expect(wasPromptCut(sent(chars), tokens)).toBe(expected);
});

test('the whole conversation counts', () => {
  expect(wasPromptCut([...sent(12_000), ...sent(12_000)], 2_000)).toBe(true);
});

const words = (count: number) => [
  { role: 'user' as const, content: Array.from({ length: count }, () => 'word').join(' ') },
];

test.each([
  // Seen: 875 tokens of some 650 words, cut to 512.
  [650, 512, null, true],
  [650, 875, null, false],
  [99, 60, null, false],
  [650, 512, 512, true],
  // An old server leaves out of its count what it had read before: all of it is within the context.
  [650, 40, 8_192, false],
])('%i words sent, %i tokens read of at most %s: %s', (count, tokens, context, expected) => {
  expect(wasPromptCut(words(count), tokens, context)).toBe(expected);
});

test('a count of at least a token a word is never told as cut, nor one of what is within the context', () => {
  const text = fc.array(fc.stringMatching(/^[a-z]{1,7}$/), { maxLength: 500 }).map((list) => list.join(' '));
  fc.assert(
    fc.property(text, fc.nat(2_000), (content, more) => {
      const message = { role: 'user' as const, content };
      const count = content === '' ? 0 : content.split(' ').length;
      expect(wasPromptCut([message], count + more)).toBe(false);
      expect(wasPromptCut([message], more, Buffer.byteLength(content) + 1_000)).toBe(false);
    }),
  );
});
