import { describe, expect, test } from 'vitest';
import sentences from '../../../resources/locales/en/errors.json' with { type: 'json' };
import { ErrorCode, ErrorInfo } from '../../../src/contract/errors.ts';
import { errorInfo, HearthError, toErrorInfo } from '../../../src/main/errors/index.ts';

describe('the catalogue', () => {
  test('has a sentence for every code and no other', () => {
    // Behind a code stands the case it is about: what has arrived is kept, or whose limit it is.
    const codeOf = (key: string) =>
      ErrorCode.options
        .filter((code) => key === code || key.startsWith(`${code}_`))
        .toSorted((a, b) => b.length - a.length)[0];
    const codes = new Set(Object.keys(sentences).map((key) => codeOf(key) ?? key));
    expect([...codes].toSorted()).toEqual(ErrorCode.options.toSorted());
    // Every code has its plain sentence, for whoever names no case.
    for (const code of ErrorCode.options) expect(sentences).toHaveProperty(code);
  });

  test.each(Object.entries(sentences))('%s reads like a sentence', (_code, sentence) => {
    expect(sentence).not.toMatch(/!|oops|sorry/i);
    expect(sentence.trim()).toBe(sentence);
  });
});

test('values are filled in as they are', () => {
  const { message } = new HearthError('model_not_found', { backend: 'Ollama', model: 'a<b>', installed: 'x, y' });
  expect(message).toContain('“a<b>”');
  expect(message).toContain('x, y');
  expect(message).not.toContain('{{');
});

test('an empty value leaves no gap, and a value keeps its own spaces', () => {
  expect(errorInfo('no_backend', { reasons: '' }).message).not.toContain('  ');
  expect(errorInfo('model_file_missing', { path: '/my  models/a.gguf' }).message).toContain('/my  models/a.gguf');
});

test('a start that failed says what to do, not where a file lies', () => {
  const { message, params } = errorInfo('ollama_start_failed', {
    reason: 'the port is taken',
    log: '/logs/ollama.log',
  });
  expect(message).toBe(
    'Ollama could not be started: the port is taken. Look at its log in Settings, Engine, or install it anew there.',
  );
  expect(params.log).toBe('/logs/ollama.log');
});

test('an error of ours keeps code, values and cause', () => {
  const info = toErrorInfo(new HearthError('storage_failed', { reason: 'r' }, { cause: new Error('deep') }));
  expect(ErrorInfo.parse(info)).toMatchObject({ code: 'storage_failed', params: { reason: 'r' }, detail: 'deep' });
});

test('anything else becomes internal, an abort becomes cancelled', () => {
  expect(toErrorInfo(new TypeError('x is not a function'))).toMatchObject({
    code: 'internal',
    detail: 'TypeError: x is not a function',
  });
  expect(toErrorInfo('text').code).toBe('internal');
  expect(toErrorInfo(new DOMException('aborted', 'AbortError')).code).toBe('cancelled');
});

test('a stored error is told in today’s words', () => {
  expect(errorInfo('interrupted').message).toBe(sentences.interrupted);
});
