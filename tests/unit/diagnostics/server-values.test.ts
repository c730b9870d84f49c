// Values of servers: whatever comes, what is read fits the contract, or is null.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import {
  countFrom,
  listIn,
  momentFrom,
  named,
  nameFrom,
  textFrom,
  wordsFrom,
} from '../../../src/main/diagnostics/index.ts';

test('any value at all is read as what the contract takes, or as null', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.constantFrom(Infinity, Number.NaN, undefined, 1e300)), (value) => {
      expect(z.number().int().min(0).nullable().safeParse(countFrom(value)).success).toBe(true);
      expect(z.number().nullable().safeParse(momentFrom(value)).success).toBe(true);
      expect(z.string().min(1).nullable().safeParse(textFrom(value)).success).toBe(true);
      expect(z.string().min(1).max(300).nullable().safeParse(nameFrom(value)).success).toBe(true);
      expect(z.array(z.string().min(1)).min(1).nullable().safeParse(wordsFrom(value)).success).toBe(true);
      expect(
        z
          .array(z.unknown())
          .nullable()
          .safeParse(listIn(value, ['models'])).success,
      ).toBe(true);
    }),
  );
});

test.each([
  ['a count', countFrom, '12', 12],
  ['a count with a fraction', countFrom, 2.4, 2],
  ['a size in words', countFrom, '4.7 GB', null],
  ['a count below zero', countFrom, -1, null],
  ['a number for a text', textFrom, 3.5, '3.5'],
  ['a list of licences', textFrom, ['MIT', null, 'Apache'], 'MIT\nApache'],
  ['a list for a name', nameFrom, ['a'], null],
  ['blanks', nameFrom, '  ', null],
  ['a date in words', momentFrom, '2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1)],
  ['a date in seconds', momentFrom, 1_767_225_600, Date.UTC(2026, 0, 1)],
  ['a date in milliseconds', momentFrom, '1767225600000', Date.UTC(2026, 0, 1)],
  ['the time of nobody', momentFrom, '0001-01-01T00:00:00Z', null],
  ['words in one text', wordsFrom, 'chat, tools', ['chat', 'tools']],
  ['words as what is true', wordsFrom, { chat: true, vision: false }, ['chat']],
  ['no words', wordsFrom, [], null],
] as const)('%s', (_name, read, value, expected) => {
  expect((read as (value: unknown) => unknown)(value)).toEqual(expected);
});

test('a list is the one that holds something, and none beside an error', () => {
  expect(listIn({ data: [], models: [1] }, ['data', 'models'])).toEqual([1]);
  expect(listIn({ data: {} }, ['data'])).toEqual([]);
  expect(listIn({ data: null, error: 'no' }, ['data'])).toBeNull();
  expect(named([{ name: 'a' }, { name: 'a' }, null], (one) => one as { name: string } | null)).toHaveLength(1);
});
