// What the terminal says of what went wrong, and with which code it ends.
import { ORPCError } from '@orpc/client';
import { describe, expect, test } from 'vitest';
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
      expect(failureOf(error)).toEqual({ lines: `${sentence}\n`, code: 1 });
    }
  });
});

test('other errors are told in their own sentence, with what is known of them, harmless', () => {
  const error = new HearthError('model_in_use', { model: '\u001B[2Jtiny' }, { detail: 'busy' });
  expect(failureOf(error).lines).toBe(`${errorInfo('model_in_use', { model: '[2Jtiny' }).message} (busy)\n`);
});
