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
