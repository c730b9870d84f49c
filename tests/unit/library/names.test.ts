import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseModelName } from '../../../src/main/models/downloads/name.ts';
import { freeName, tellingName } from '../../../src/main/models/library/names.ts';

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

test.each([
  ['SmolLM2 135M Instruct', 'smollm2-135m-instruct.Q4_1', 'smollm2-135m-instruct.Q4_1'],
  ['Smollm2 135M 8k Lc100K Mix1 Ep2', 'smollm2-135m-instruct', 'smollm2-135m-instruct'],
  ['Llama 3.2 3B Instruct', 'it', 'Llama 3.2 3B Instruct'],
  ['Llama 3.2 3B Instruct', 'model', 'Llama 3.2 3B Instruct'],
  ['Llama 3.2 3B Instruct', 'ggml-model-q4_0', 'Llama 3.2 3B Instruct'],
  ['model', 'qwen2.5-7b-instruct-q4_k_m', 'qwen2.5-7b-instruct-q4_k_m'],
  ['/home/ann/runs/checkpoint-1200', 'tiny-chat', 'tiny-chat'],
  ['b5f1e2a', 'tiny-chat', 'tiny-chat'],
  ['12', 'tiny-chat', 'tiny-chat'],
  ['Gemma', 'gemma-3-270m-it-Q4_K_M', 'gemma-3-270m-it-Q4_K_M'],
  ['org/Tiny Chat', 'x', 'Tiny Chat'],
  [null, 'tiny-chat', 'tiny-chat'],
  ['  ', 'tiny-chat', 'tiny-chat'],
])('a model with %j in its header and the file %s is proposed as %s', (inHeader, ofFile, name) => {
  expect(tellingName(inHeader, ofFile)).toBe(name);
});
