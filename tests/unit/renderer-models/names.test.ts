// Which texts are a model's name, as the page judges them before main is asked.
import { expect, test } from 'vitest';
import { parseModelName } from '../../../src/main/models/downloads/name.ts';
import { familyTitle, readModelName, tokensText } from '../../../src/renderer/features/models/names.ts';

const NAMES = [
  'llama3.2',
  'llama3.2:3b',
  'someone/model:Q4_K_M',
  'hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M',
  'nas.local:5000/me/own:latest',
  'http://nas.local:5000/me/own',
];
const NONE = [
  '',
  ' ',
  'two words',
  'a//b',
  '../etc/passwd',
  'a/b/c/d',
  'name:',
  ':tag',
  '-x',
  'ä',
  'a:b:c',
  'ftp://host/a/b',
];

test('the page and main agree on what is a name', () => {
  for (const name of [...NAMES, ...NONE]) {
    expect([name, readModelName(name) !== null]).toEqual([name, parseModelName(name) !== null]);
  }
  expect(NAMES.map((name) => readModelName(name) !== null)).not.toContain(false);
  expect(NONE.map((name) => readModelName(name) !== null)).not.toContain(true);
});

test('a name tells its registry, and whether it is asked in the clear', () => {
  expect(readModelName('llama3.2')).toEqual({ host: null, isInsecure: false });
  expect(readModelName('someone/model')).toEqual({ host: null, isInsecure: false });
  expect(readModelName('hf.co/someone/model')).toEqual({ host: 'hf.co', isInsecure: false });
  expect(readModelName('http://nas.local:5000/me/own')).toEqual({ host: 'nas.local:5000', isInsecure: true });
});

test('families and tokens read as people write them', () => {
  expect([familyTitle('llama'), familyTitle('qwen2')]).toEqual(['Llama', 'Qwen2']);
  expect([512, 4_096, 32_768, 131_072, 128_000, 1_048_576].map(tokensText)).toEqual([
    '512',
    '4k',
    '32k',
    '128k',
    '128k',
    '1M',
  ]);
});
