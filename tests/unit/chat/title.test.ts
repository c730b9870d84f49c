import { describe, expect, it } from 'vitest';
import { TITLE_MAX_CHARS } from '../../../src/contract/limits.ts';
import { titleOf } from '../../../src/main/chat/title.ts';

describe('the title of a new conversation', () => {
  it.each([
    ['a short question', 'What is a mutex?', 'What is a mutex?'],
    ['spaces and tabs', '  What\t is   a mutex?  ', 'What is a mutex?'],
    ['empty lines before', '\n \n\r\nWhat is a mutex?\nSecond line', 'What is a mutex?'],
    ['a heading', '## Plan\nfor today', 'Plan'],
    ['a code fence', '```ts\nconst a = 1;\n```', 'const a = 1;'],
    ['a list', '- milk\n- bread', 'milk'],
    ['only signs', '???', '???'],
    ['a negative number', '-5 + 3?', '-5 + 3?'],
  ])('of %s', (_name, question, title) => {
    expect(titleOf(question)).toBe(title);
  });

  it('ends at a word with an ellipsis when the line is long', () => {
    const title = titleOf(
      'Please explain to me how the garbage collector of a modern virtual machine works, in detail',
    );
    expect(title).toBe('Please explain to me how the garbage collector of a modern…');
  });

  it('cuts a line without spaces between whole characters', () => {
    const family = '👩‍👩‍👧';
    const title = titleOf(family.repeat(40));
    expect(title.length).toBeLessThanOrEqual(61);
    expect(title).toMatch(new RegExp(`^(?:${family})+…$`, 'u'));
  });

  it('fits into a title whatever the question is', () => {
    for (const question of [
      'x'.repeat(5_000_000),
      ` ${'\n'.repeat(100_000)}word`,
      'e\u0301'.repeat(10_000),
      '#'.repeat(9_999),
    ]) {
      const title = titleOf(question);
      expect(title.trim()).not.toBe('');
      expect(title.length).toBeLessThanOrEqual(TITLE_MAX_CHARS);
      expect(title).not.toMatch(/[\r\n]/);
    }
  });
});
