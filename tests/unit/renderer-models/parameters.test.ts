// What is wrong with a parameter that somebody wrote, before main is asked.
import { expect, test } from 'vitest';
import { cleaned, wrongWith } from '../../../src/renderer/features/models/parameters.ts';

const wrong = (name: string, value: string) => wrongWith({ name, value }, [{ name, value }]);

test('names and values are there, and numbers are numbers', () => {
  expect(wrong('', '1')).toBe('name');
  expect(wrong('two words', '1')).toBe('name');
  expect(wrong('temperature', '')).toBe('value');
  expect(wrong('temperature', 'warm')).toBe('number');
  expect(wrong('num_ctx', '4096.5')).toBe('integer');
  for (const value of ['0.7', ' .5 ', '1e-3', '-1']) expect(wrong('temperature', value)).toBeNull();
  expect(wrong('num_predict', '-1')).toBeNull();
  // What this page does not know is main's to judge.
  expect(wrong('something_new', 'text')).toBeNull();
});

test('only stop may be there several times', () => {
  const twice = (name: string, value: string) =>
    wrongWith({ name, value }, [
      { name, value },
      { name, value },
    ]);
  expect(twice('top_k', '40')).toBe('twice');
  expect(twice('stop', '<|end|>')).toBeNull();
});

test('blanks go, but not those that a model is to stop at', () => {
  expect(cleaned({ name: ' top_k ', value: ' 40 ' })).toEqual({ name: 'top_k', value: '40' });
  expect(cleaned({ name: 'stop', value: '\n ' })).toEqual({ name: 'stop', value: '\n ' });
  expect(wrong('stop', ' ')).toBeNull();
});
