// Backend URLs: what is printed is read as the same, what is wrong says why.
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absoluteBackendUrl, absoluteModel, parseBackendUrl, printBackendUrl } from '../../../src/main/backends/url.ts';
import type { BackendUrl } from '../../../src/main/backends/url.ts';

const word = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);
const model = fc.oneof(
  word,
  fc.tuple(word, word).map(([name, tag]) => `${name}:${tag}`),
  fc.tuple(word, word, word).map(([host, name, tag]) => `${host}:5000/library/${name}:${tag}`),
);
const bareHost = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,10}[a-z0-9])?$/),
  fc.ipV4(),
  fc.ipV6().map((ip) => `[${ip}]`),
);
const host = fc.oneof(
  bareHost,
  fc.tuple(bareHost, fc.integer({ min: 1, max: 65_535 })).map(([name, port]) => `${name}:${port}`),
);
const url: fc.Arbitrary<BackendUrl> = fc.oneof(
  fc.constantFrom<BackendUrl>({ scheme: 'local' }, { scheme: 'demo' }),
  fc.record({ scheme: fc.constant('ollama' as const), model: fc.option(model), host: fc.option(host) }),
  fc.record({
    scheme: fc.constant('llamacpp' as const),
    model: fc.option(fc.string({ minLength: 1, unit: 'grapheme' }).filter((file) => !/\p{Cc}/u.test(file))),
  }),
);

describe('a backend URL', () => {
  it('is read as what was printed', () => {
    fc.assert(
      fc.property(url, (one) => {
        expect(parseBackendUrl(printBackendUrl(one))).toEqual(one);
      }),
    );
  });

  it('never throws anything but its own error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `ollama://${rest}`),
        ),
        (text) => {
          try {
            const parsed = parseBackendUrl(text);
            expect(parseBackendUrl(printBackendUrl(parsed))).toEqual(parsed);
          } catch (error) {
            expect(error).toMatchObject({
              code: 'backend_url_invalid',
              params: { url: text, reason: expect.any(String) },
            });
          }
        },
      ),
    );
  });

  it.each([
    ['ollama://llama3.2:3b', { scheme: 'ollama', model: 'llama3.2:3b', host: null }],
    ['OLLAMA://hf.co/a/b:q4@gpu.lan', { scheme: 'ollama', model: 'hf.co/a/b:q4', host: 'gpu.lan' }],
    ['ollama://tiny@[::1]:11434', { scheme: 'ollama', model: 'tiny', host: '[::1]:11434' }],
    ['ollama://', { scheme: 'ollama', model: null, host: null }],
    ['llamacpp://tests/fixtures/tiny.gguf', { scheme: 'llamacpp', model: 'tests/fixtures/tiny.gguf' }],
    ['llamacpp:///models/50% off #1.gguf', { scheme: 'llamacpp', model: '/models/50% off #1.gguf' }],
    ['local://', { scheme: 'local' }],
  ])('%s', (text, expected) => {
    expect(parseBackendUrl(text)).toEqual(expected);
  });

  it.each([
    ['tiny', 'does not start with a scheme'],
    ['openai://gpt', 'unknown scheme'],
    ['https://api.example/v1', 'unknown scheme'],
    ['demo://loud', 'nothing may follow'],
    ['ollama://two words', 'not the name of a model'],
    ['ollama://tiny@', 'not a host'],
    ['ollama://tiny@host:99999', 'not a host'],
    ['llamacpp://a\nb', 'control characters'],
  ])('%s is refused', (text, reason) => {
    expect(() => parseBackendUrl(text)).toThrow(reason);
  });
});

describe('a model file of another folder', () => {
  it('becomes absolute, and nothing else changes', () => {
    const cwd = path.resolve('/projects/here');
    const file = path.resolve(cwd, 'models/tiny.gguf');
    expect(absoluteBackendUrl('llamacpp://models/tiny.gguf', cwd)).toBe(`llamacpp://${file}`);
    expect(absoluteBackendUrl(`llamacpp://${file}`, cwd)).toBe(`llamacpp://${file}`);
    for (const same of ['llamacpp://tiny', 'llamacpp://', 'ollama://tiny', 'nonsense', 'demo://'])
      expect(absoluteBackendUrl(same, cwd)).toBe(same);
  });
});

it.each([
  ['models/tiny.gguf', '/home/me/models/tiny.gguf'],
  ['./weights', '/home/me/weights'],
  ['/models/tiny.GGUF', '/models/tiny.GGUF'],
  ['llama3.2:3b', 'llama3.2:3b'],
  ['hf.co/someone/model:Q4', 'hf.co/someone/model:Q4'],
])('the model %s, asked for in /home/me, is %s', (model, absolute) => {
  expect(absoluteModel(model, '/home/me')).toBe(absolute);
});
