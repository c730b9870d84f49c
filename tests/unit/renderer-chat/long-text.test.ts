import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLines, isLong, joinLong, splitLong } from '../../../src/renderer/features/chat/long-text.ts';

const long = 'abc\n'.repeat(1_001);

describe('a text that is too long for the field', () => {
  it('has many lines or many characters', () => {
    expect([isLong('abc\n'.repeat(999)), isLong(long), isLong('x'.repeat(50_000)), isLong('x'.repeat(50_001))]).toEqual(
      [false, true, false, true],
    );
    expect([countLines(''), countLines('a\nb\n'), countLines(long, 10)]).toEqual([1, 3, 10]);
  });

  it('is told from what was typed before it, and is all of a draft that comes from elsewhere', () => {
    expect(splitLong(joinLong('Sum this up:', long), 'Sum this up:')).toEqual({ typed: 'Sum this up:', beside: long });
    expect(splitLong(long, 'Something else')).toEqual({ typed: '', beside: long });
    expect(splitLong('short', '')).toEqual({ typed: 'short', beside: '' });
  });

  it('comes apart as it was put together', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        expect(splitLong(joinLong(typed, long), typed)).toEqual({ typed, beside: long });
      }),
    );
  });
});
