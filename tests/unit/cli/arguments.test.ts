import { describe, expect, test } from 'vitest';
import { parseCommand, UsageError } from '../../../src/cli/arguments.ts';

describe('what may be typed', () => {
  test('a question, in quotes or in words', () => {
    expect(parseCommand(['ask', 'What is a mutex?'])).toEqual({
      name: 'ask',
      question: 'What is a mutex?',
      isJson: false,
    });
    expect(parseCommand(['ask', 'What', 'is', 'it'])).toMatchObject({ question: 'What is it' });
  });

  test('a lone dash reads standard input', () => {
    expect(parseCommand(['ask', '-'])).toMatchObject({ name: 'ask', question: null });
    expect(parseCommand(['ask', '--json', '-'])).toMatchObject({ question: null, isJson: true });
  });

  test('backend and model, long and short', () => {
    expect(parseCommand(['ask', '--backend', 'demo://', '-m', 'tiny', 'hi'])).toMatchObject({
      backend: 'demo://',
      model: 'tiny',
      question: 'hi',
    });
    expect(parseCommand(['ask', '-b=demo://', 'hi'])).toMatchObject({ backend: '=demo://' });
  });

  test('a question that looks like an option, behind --', () => {
    expect(parseCommand(['ask', '--', '--what?'])).toMatchObject({ question: '--what?' });
  });

  test('help and version', () => {
    expect(parseCommand([])).toEqual({ name: 'help', topic: 'hearth' });
    expect(parseCommand(['help', 'ask'])).toEqual({ name: 'help', topic: 'ask' });
    expect(parseCommand(['ask', '--help'])).toEqual({ name: 'help', topic: 'ask' });
    expect(parseCommand(['doctor', '-h'])).toEqual({ name: 'help', topic: 'doctor' });
    expect(parseCommand(['--version'])).toEqual({ name: 'version' });
  });
});

describe('what may not', () => {
  test.each([
    [['ask']],
    [['ask', '']],
    [['ask', '   ']],
    [['ask', '--nonsense', 'hi']],
    [['ask', 'hi', '--backend']],
    [['doctor', 'now']],
    [['dance']],
  ])('%j', (argv) => {
    expect(() => parseCommand(argv)).toThrow(UsageError);
  });
});
