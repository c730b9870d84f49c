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

  it('keeps a long line whole: where there is too little room the screen cuts it', () => {
    const line = 'Please explain to me how the garbage collector of a modern virtual machine works, in detail';
    expect(titleOf(line)).toBe(line);
    expect(titleOf('x'.repeat(TITLE_MAX_CHARS))).toBe('x'.repeat(TITLE_MAX_CHARS));
  });

  it('ends at a word with an ellipsis only where the line is longer than a title may be', () => {
    expect(titleOf(`${'word '.repeat(39)}sentence that goes on`)).toBe(`${'word '.repeat(38)}word…`);
  });

  it('cuts a line without spaces between whole characters', () => {
    const family = '👩‍👩‍👧';
    const title = titleOf(family.repeat(40));
    expect(title.length).toBeLessThanOrEqual(TITLE_MAX_CHARS);
    expect(title.length).toBeGreaterThan(TITLE_MAX_CHARS - 10);
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
