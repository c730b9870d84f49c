// Which model of an Ollama an unnamed question gets, and under which name it is asked.
import { expect, it } from 'vitest';
import { defaultModel, listedName } from '../../../src/main/backends/ollama/models.ts';

const listed = (...names: string[]) =>
  names.map((name) => ({ name, sizeBytes: null, family: null, parameters: null, quantization: null }));

it.each([
  [['gemma3:270m', 'smollm2:135m'], 'gemma3:270m'],
  [['llama3.1:8b-text-q4_0', 'llama3.1:8b-instruct-q4_0'], 'llama3.1:8b-instruct-q4_0'],
  [['qwen3:8b-base', 'tiny:latest'], 'tiny:latest'],
  [
    ['hf.co/org/gemma-3-4b-pt-GGUF:Q4_K_M', 'hf.co/org/gemma-3-4b-it-GGUF:Q4_K_M'],
    'hf.co/org/gemma-3-4b-it-GGUF:Q4_K_M',
  ],
  // A word of a chat model says more.
  [['base-chat:latest', 'tiny:latest'], 'base-chat:latest'],
  // Part of a word is none.
  [['database-helper:latest', 'tiny:latest'], 'database-helper:latest'],
  [['llama3.1:8b-text-q4_0'], 'llama3.1:8b-text-q4_0'],
  [[], null],
])('of %j it is %s', (names, name) => {
  expect(defaultModel(listed(...names))).toBe(name);
});

it('is none that is handed on, also not where it is the only one that is no base model', () => {
  const [cloud, base] = listed('gpt-oss:120b-cloud', 'qwen3:8b-base');
  expect(defaultModel([{ ...cloud!, remoteHost: 'ollama.com' }, base!])).toBe('qwen3:8b-base');
});

it.each([
  ['smol', 'smol:latest'],
  ['SMOL:latest', 'smol:latest'],
  ['smol:135m', 'smol:135m'],
  ['other', 'other'],
  [null, null],
])('%s is asked for as %s', (model, name) => {
  expect(listedName(model, listed('smol:latest', 'smol:135m'))).toBe(name);
});
