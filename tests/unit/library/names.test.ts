import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseModelName } from '../../../src/main/models/downloads/name.ts';
import { freeName } from '../../../src/main/models/library/names.ts';

test.each([
  ['Llama 3.2 3B Instruct', 'llama-3.2-3b-instruct'],
  ['Qwen2.5-Coder_7B (Q4_K_M)', 'qwen2.5-coder_7b-q4_k_m'],
  ['Größe … «naïve»', 'gro-e-naive'],
  ['../../etc/passwd', 'etc-passwd'],
  ['模型', 'model'],
  ['', 'model'],
])('%s becomes %s', (wish, name) => {
  expect(freeName(wish, [])).toBe(name);
});

test('a name that is taken gets a number, whatever tag it is written with', () => {
  expect(freeName('Tiny', ['tiny:latest', 'TINY-2'])).toBe('tiny-3');
});

test('any wish becomes a name that Ollama takes and that is free', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.array(fc.string()), (wish, taken) => {
      const first = freeName(wish, taken);
      const second = freeName(wish, [...taken, first]);
      expect(parseModelName(first)).not.toBeNull();
      expect(parseModelName(second)).not.toBeNull();
      expect(second).not.toBe(first);
    }),
  );
});
