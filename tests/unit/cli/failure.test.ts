// What the terminal says of what went wrong, and with which code it ends.
import { ORPCError } from '@orpc/client';
import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../src/cli/arguments.ts';
import { failureOf, failureText } from '../../../src/cli/failure.ts';
import { errorInfo, HearthError } from '../../../src/main/errors/index.ts';

describe('without an Ollama', () => {
  const info = errorInfo('ollama_not_installed');

  test('it says what to do, whichever way the error came', () => {
    const sentence =
      'No Ollama was found. Get one with “hearth engine install”, or install it yourself from ollama.com.';
    expect(failureText(info)).toBe(sentence);
    const joined = new ORPCError('OLLAMA_NOT_INSTALLED', { data: info });
    for (const error of [new HearthError('ollama_not_installed'), joined]) {
      expect(failureOf(error, 'models')).toEqual({ lines: `${sentence}\n`, code: 1 });
    }
  });
});

test('an Ollama that could not be started comes with the commands for what the sentence names', () => {
  const text = failureText(errorInfo('ollama_start_failed', { reason: 'the port is taken', log: '/log' }));
  expect(text).toMatch(/“hearth engine logs”, “hearth engine install”\.$/);
});

test('other errors are told in their own sentence, with what is known of them, harmless', () => {
  const error = new HearthError('model_in_use', { model: '\u001B[2Jtiny' }, { detail: 'busy' });
  expect(failureOf(error, 'models').lines).toBe(`${errorInfo('model_in_use', { model: '[2Jtiny' }).message} (busy)\n`);
});

test.each([
  ['backend_wait', { backend: 'Studio', host: 'h:1', wait: '7 s', waitMs: 7_000 }, 'Studio asks to wait 7 s'],
  ['backend_quota', { backend: 'Studio', host: 'h:1' }, 'Your account at h:1 has no more quota'],
  ['backend_model_not_loaded', { backend: 'Studio', host: 'h:1' }, 'Studio answers but has no model in memory'],
  ['backend_redirects', { host: 'h:1', to: 'https://new.example/v1' }, 'h:1 sends Hearth on to https://new.example/v1'],
  ['backend_login', { host: 'h:1', page: 'h:1' }, 'h:1 answered with a page to sign in'],
  ['backend_gateway', { backend: 'Studio', host: 'h:1', status: 502 }, 'The gateway in front of h:1 had no answer'],
  ['request_too_large', { backend: 'Studio', host: 'h:1' }, 'Studio takes no request of this size'],
] as const)('%s is told in words, with nothing left to fill in', (code, params, words) => {
  const { lines, code: exit } = failureOf(new HearthError(code, params), 'ask');
  expect(lines).toContain(words);
  expect(lines).not.toMatch(/[{}]/);
  expect(exit).toBe(1);
});

describe('wrong usage ends with 2 and points to the help', () => {
  const usage = (...argv: string[]): string => {
    try {
      parseCommand(argv);
    } catch (error) {
      const { lines, code } = failureOf(error, argv[0]);
      expect(code).toBe(2);
      return lines;
    }
    throw new Error('understood');
  };

  test.each([
    [
      ['pull', '--nonsense', 'tiny'],
      '--nonsense is not an option here. Words that begin with a dash go behind --.',
      'pull',
    ],
    [['rm', '-x', 'tiny'], '-x is not an option here. Words that begin with a dash go behind --.', 'rm'],
    [['models', '--json=yes'], '--json takes no value.', 'models'],
    [['ask', 'hi', '--model'], '--model needs a value.', 'ask'],
    [['ask', '-m', '--json', 'hi'], '-m needs a value.', 'ask'],
    [['engine', 'dance'], '“dance” is nothing that hearth engine can do.', 'engine'],
  ])('%j', (argv, sentence, command) => {
    expect(usage(...argv)).toBe(`${sentence}\nSee “hearth help ${command}”.\n`);
  });

  test('of all commands where none was named', () => {
    expect(usage('dance')).toBe('“dance” is not a command of hearth.\nSee “hearth help”.\n');
    expect(usage('\u001B[2J')).not.toContain('\u001B');
  });

  test('also for a name that only the services can judge', () => {
    const { lines, code } = failureOf(new HearthError('model_name_invalid', { name: 'bad name!' }), 'pull');
    expect(code).toBe(2);
    expect(lines).toMatch(/^“bad name!” is not a model’s name\..*\nSee “hearth help pull”\.\n$/);
  });
});
