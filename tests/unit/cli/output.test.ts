import { expect, test } from 'vitest';
import { withoutControl } from '../../../src/cli/output.ts';

test('what a terminal would obey is left out, text and line breaks stay', () => {
  expect(withoutControl('a\u001b[2J\u001b]52;c;ZXZpbA==\u0007b')).toBe('a[2J]52;c;ZXZpbA==b');
  expect(withoutControl('\u009b31mred\u0000\b\r\n\tüß 🙂')).toBe('31mred\n\tüß 🙂');
});
