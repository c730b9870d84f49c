import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { modelTitle } from '../../../src/renderer/lib/model-title.ts';

test.each([
  ['llama3.2:3b', 'llama3.2 3B'],
  ['llama3.2', 'llama3.2'],
  ['llama3.2:latest', 'llama3.2'],
  ['qwen2.5:7b-instruct-q4_K_M', 'qwen2.5 7B instruct q4_K_M'],
  ['gemma3:270m', 'gemma3 270M'],
  ['gemma3n:e4b', 'gemma3n E4B'],
  ['mixtral:8x7b', 'mixtral 8x7B'],
  ['qwen3:30b-a3b', 'qwen3 30B A3B'],
  ['qwen2.5-coder:1.5b', 'qwen2.5-coder 1.5B'],
  ['hf.co/someone/Llama-3.2-3B-Instruct-GGUF:Q4_K_M', 'Llama-3.2-3B-Instruct Q4_K_M'],
  ['registry.lan:5000/library/tiny:latest', 'tiny'],
  ['someone/story-teller', 'story-teller'],
  ['tiny.gguf', 'tiny'],
  ['C:\\models\\tiny.gguf', 'tiny'],
  ['/home/me/models/tiny.Q4.GGUF', 'tiny.Q4'],
  ['evil\u202efugg.\u0007gguf', 'evilfugg'],
  ['\u202e', '\u202e'],
])('%s reads %s', (name, title) => expect(modelTitle(name)).toBe(title));

test('any name has a title, and no more than its own letters', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (name) => {
      const title = modelTitle(name);
      expect(title).not.toBe('');
      const letters = (text: string) => text.toLowerCase().replaceAll(/[\s:-]/g, '');
      expect(letters(name)).toContain(letters(title));
    }),
  );
});
