import { expect, test } from 'vitest';
import { sizeForPeople } from '../../../src/cli/checks/finding.ts';
import { describeSource, describeSpeed } from '../../../src/cli/describe.ts';
import { errorInfo } from '../../../src/main/errors/index.ts';

const ollama = {
  kind: 'ollama',
  url: 'ollama://tiny@127.0.0.1:11434',
  label: 'Ollama',
  model: 'tiny',
  host: '127.0.0.1:11434',
  skipped: [],
} as const;
const usage = { promptTokens: 3, answerTokens: 82, loadMs: null, firstTokenMs: 90, answerMs: 2000, totalMs: 7840 };

test('the first choice: engine, model, host', () => {
  expect(describeSource({ ...ollama, skipped: [] })).toBe('Ollama · tiny · 127.0.0.1:11434');
});

test('a demo reply says so and why', () => {
  const skipped = [{ kind: 'ollama' as const, label: 'Ollama', reason: errorInfo('ollama_not_installed') }];
  const demo = { kind: 'demo' as const, url: 'demo://', label: 'Demo', model: null, host: null, skipped };
  expect(describeSource(demo)).toBe('Demo reply: No Ollama was found');
  expect(describeSource({ ...demo, skipped: [] })).toBe('Demo reply');
});

test('a fallback to another engine gives the reason', () => {
  const skipped = [{ kind: 'llamacpp' as const, label: 'Built-in engine', reason: errorInfo('cancelled') }];
  expect(describeSource({ ...ollama, skipped })).toBe('Ollama · tiny · 127.0.0.1:11434 (Cancelled.)');
});

test('speed only where it is known', () => {
  expect(describeSpeed(usage)).toBe(' · 41 tokens/s · 7.8 s');
  expect(describeSpeed({ ...usage, answerMs: 0 })).toBe(' · 7.8 s');
  expect(describeSpeed(null)).toBe('');
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [465_000, '465 kB'],
  [2_040_000_000, '2.0 GB'],
  [5e15, '5000 TB'],
])('%i bytes read %s', (bytes, expected) => {
  expect(sizeForPeople(bytes)).toBe(expected);
});
