// Backend URLs: what is printed is read as the same, what is wrong says why.
import nodePath from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absoluteBackendUrl,
  absoluteModel,
  type BackendUrl,
  isLocal,
  parseBackendUrl,
  printBackendUrl,
} from '../../../src/main/backends/url/url.ts';
import type { HearthError } from '../../../src/main/errors/index.ts';

const word = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);
const model = fc.oneof(
  word,
  fc.tuple(word, word).map(([name, tag]) => `${name}:${tag}`),
  fc.tuple(word, word, word).map(([host, name, tag]) => `${host}:5000/library/${name}:${tag}`),
);
/** Hosts as they come out: `1` would come out as `0.0.0.1`. */
const hostname = fc.oneof(
  fc.stringMatching(/^[a-z0-9_]([a-z0-9._-]{0,10}[a-z0-9])?$/),
  fc.ipV4(),
  fc.ipV6().map((ip) => `[${ip}]`),
);
const bareHost = hostname
  .filter((name) => URL.canParse(`http://${name}`))
  .map((name) => new URL(`http://${name}`).hostname);
const port = fc.oneof(fc.constantFrom(1, 80, 443, 11_434, 65_535), fc.integer({ min: 1, max: 65_535 }));
const host = fc.tuple(bareHost, port).map(([name, number]) => `${name}:${number}`);
const path = fc
  .array(fc.stringMatching(/^[\w%.~@:+-]{1,8}$/), { minLength: 1, maxLength: 3 })
  .map((segments) => `/${segments.join('/')}`)
  .map((text) => new URL(`http://host${text}`).pathname)
  .filter((text) => text !== '/' && !text.endsWith('/'));
const anyText = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));
const web = (protocol: 'http' | 'https') =>
  fc.tuple(bareHost, port, path).map(([name, number, end]) => {
    const own = protocol === 'http' ? 80 : 443;
    return { base: `${protocol}://${name}${number === own ? '' : `:${number}`}${end}`, host: `${name}:${number}` };
  });
const url: fc.Arbitrary<BackendUrl> = fc.oneof(
  fc.constantFrom<BackendUrl>({ scheme: 'local' }, { scheme: 'demo' }),
  fc.record({ scheme: fc.constant('ollama' as const), model: fc.option(model), host: fc.option(host) }),
  fc.record({ scheme: fc.constant('llamacpp' as const), model: fc.option(anyText) }),
  fc.record({
    scheme: fc.constant('mlx' as const),
    model: fc.option(fc.tuple(word, word).map(([org, name]) => `${org}/${name}`)),
  }),
  fc
    .constantFrom('http' as const, 'https' as const)
    .chain((scheme) =>
      fc.tuple(web(scheme), fc.option(anyText)).map(([parts, name]) => ({ scheme, ...parts, model: name })),
    ),
  fc
    .constantFrom('http' as const, 'https' as const)
    .chain((scheme) =>
      web(scheme).map(({ base, host: at }) => ({ scheme: `query+${scheme}` as const, url: base, host: at })),
    ),
);
const SCHEMES = ['local', 'ollama', 'llamacpp', 'mlx', 'http', 'https', 'query+http', 'query+https', 'demo', 'ftp'];
const anything = fc.oneof(
  fc.string(),
  fc
    .tuple(
      fc.constantFrom(...SCHEMES),
      fc.oneof(
        fc.string(),
        fc.tuple(host, fc.string()).map((parts) => parts.join('/')),
        fc
          .array(fc.constantFrom('a', '.', '/', ':', '@', '[', ']', '#', '?', '%', '1', ' ', '\\', 'é'), {
            maxLength: 12,
          })
          .map((letters) => letters.join('')),
      ),
    )
    .map(([scheme, rest]) => `${scheme}://${rest}`),
);

describe('a backend URL', () => {
  it('is read as what was printed', () => {
    fc.assert(
      fc.property(url, (one) => {
        expect(parseBackendUrl(printBackendUrl(one))).toEqual(one);
      }),
      { numRuns: 500 },
    );
  });

  it('has one text, or an error that names the wrong place and an example that is right', () => {
    fc.assert(
      fc.property(anything, (text) => {
        let parsed: BackendUrl;
        try {
          parsed = parseBackendUrl(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'backend_url_invalid', params: { reason: expect.any(String) } });
          const { params, message } = error as HearthError;
          // Of nothing at all no place is wrong.
          if (text !== '') expect(params.place).not.toBe('');
          expect(() => parseBackendUrl(String(params.example))).not.toThrow();
          expect(message).toContain(params.example);
          expect(message).not.toMatch(/\{\{(?:place|reason|url|example)\}\}/);
          return;
        }
        const printed = printBackendUrl(parsed);
        expect(parseBackendUrl(printed)).toEqual(parsed);
        expect(printBackendUrl(parseBackendUrl(printed))).toBe(printed);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never repeats a password', () => {
    const secret = fc.stringMatching(/^[A-Z#/?:%$ ]{0,6}SECRET[A-Z#/?:%$ ]{0,6}$/);
    // With a valid name of a model before the @, `ollama://` means one.
    const scheme = fc.constantFrom('http', 'https', 'query+http', 'query+https', 'ollama://tiny@x', 'demo', 'ftp');
    fc.assert(
      fc.property(scheme, secret, (start, password) => {
        const text = start.includes('://') ? `${start}:${password}@gpu.lan` : `${start}://me:${password}@gpu.lan/v1`;
        try {
          parseBackendUrl(text);
        } catch (error) {
          expect(JSON.stringify((error as HearthError).toInfo())).not.toContain('SECRET');
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['ollama://llama3.2:3b', { scheme: 'ollama', model: 'llama3.2:3b', host: null }],
    ['OLLAMA://hf.co/a/b:q4@GPU.lan', { scheme: 'ollama', model: 'hf.co/a/b:q4', host: 'gpu.lan:11434' }],
    ['ollama://tiny@[::1]:11500/', { scheme: 'ollama', model: 'tiny', host: '[::1]:11500' }],
    ['ollama://@[0:0::1]', { scheme: 'ollama', model: null, host: '[::1]:11434' }],
    ['ollama://', { scheme: 'ollama', model: null, host: null }],
    ['llamacpp://tests/fixtures/tiny.gguf', { scheme: 'llamacpp', model: 'tests/fixtures/tiny.gguf' }],
    ['llamacpp:///models/50% off #1.gguf', { scheme: 'llamacpp', model: '/models/50% off #1.gguf' }],
    ['mlx://mlx-community/Qwen3-4B-4bit', { scheme: 'mlx', model: 'mlx-community/Qwen3-4B-4bit' }],
    ['mlx://', { scheme: 'mlx', model: null }],
    ['http://127.0.0.1:1234', http('http://127.0.0.1:1234/v1', '127.0.0.1:1234', null)],
    ['http://GPU.lan:80/v1/#', http('http://gpu.lan/v1', 'gpu.lan:80', null)],
    ['http://[::1]:8000/api/v3#org/big@q4', http('http://[::1]:8000/api/v3', '[::1]:8000', 'org/big@q4')],
    ['http://gpu.lan/a%20b', http('http://gpu.lan/a%20b', 'gpu.lan:80', null)],
    ['query+http://gpu.lan', { scheme: 'query+http', url: 'http://gpu.lan/', host: 'gpu.lan:80' }],
    ['query+https://gpu.lan/ask/', { scheme: 'query+https', url: 'https://gpu.lan/ask/', host: 'gpu.lan:443' }],
    ['local://', { scheme: 'local' }],
  ])('%s', (text, expected) => {
    expect(parseBackendUrl(text)).toEqual(expected);
  });

  it.each([
    ['tiny', 'does not start with a scheme', 'tiny'],
    ['openai://gpt', 'unknown scheme', 'openai://'],
    ['demo://loud', 'nothing may follow demo://', 'loud'],
    ['ollama://two words', 'not the name of a model', 'two words'],
    ['ollama://tiny@', 'no host', '://'],
    ['ollama://tiny@host:99999', 'not a port', '99999'],
    ['ollama://tiny@host:0', 'not a port', '0'],
    ['ollama://tiny@host/api', 'not a host', 'host/api'],
    ['ollama://tiny@::1', 'not a host', '::1'],
    ['llamacpp://a\nb', 'control characters', 'a\nb'],
    ['mlx://gpt2', 'org/model', 'gpt2'],
    ['http://', 'no host', '://'],
    ['http://gpu.lan:port/v1', 'not a port', 'port'],
    ['https://me:word@gpu.lan/v1', 'no user name or password', '***@'],
    ['https://gpu.lan/v1?key=word', 'ends with its path', '?'],
    ['query+http://gpu.lan/ask#tiny', 'ends with its path', '#'],
    ['http://gpu.lan/a b', 'spaces', '/a b'],
  ])('%s is refused', (text, reason, place) => {
    expect(() => parseBackendUrl(text)).toThrow(reason);
    expect(() => parseBackendUrl(text)).toThrow(
      expect.objectContaining({ params: expect.objectContaining({ place }) }),
    );
  });

  it.each([
    ['ollama://tiny', true],
    ['ollama://@LOCALHOST', true],
    ['http://127.0.0.1:8000', true],
    ['https://[::1]/v1', true],
    ['query+http://box.localhost/ask', true],
    ['mlx://', true],
    ['http://192.168.1.5:8000', false],
    ['ollama://@localhost.example', false],
  ])('%s stays on this computer: %s', (text, is) => {
    expect(isLocal(parseBackendUrl(text))).toBe(is);
  });
});

function http(base: string, at: string, name: string | null) {
  return { scheme: base.split(':')[0], base, host: at, model: name };
}

describe('an address that was copied from a request', () => {
  const PLACES = ['chat/completions', 'completions', 'models', 'models/tiny', 'embeddings', 'responses', 'messages'];
  const bases = ['/v1', '/openai/v1', '/api/v1', '/v1beta/openai', '/api/paas/v4'];

  it.each(bases.flatMap((base) => PLACES.map((place) => [base, place])))('%s/%s means its base', (base, place) => {
    const meant = http(`http://gpu.lan:8000${base}`, 'gpu.lan:8000', null);
    const written = `http://gpu.lan:8000${base}/${place}`;
    for (const end of ['', '/', '//', '?limit=1', '/?api-version=2&x=/v1'])
      expect(parseBackendUrl(written + end), end).toEqual(meant);
    expect(parseBackendUrl(`${written}/#org/big@q4`)).toEqual({ ...meant, model: 'org/big@q4' });
    expect(parseBackendUrl(`${written}?a=b#tiny`)).toEqual({ ...meant, model: 'tiny' });
  });

  it.each([
    ['HTTP://GPU.LAN:8000/V1/CHAT/COMPLETIONS', http('http://gpu.lan:8000/v1', 'gpu.lan:8000', null)],
    ['http://gpu.lan/chat/completions', http('http://gpu.lan/v1', 'gpu.lan:80', null)],
    ['http://gpu.lan/api/chat/completions', http('http://gpu.lan/api', 'gpu.lan:80', null)],
    ['http://gpu.lan:1234/api/v0/models', http('http://gpu.lan:1234/v1', 'gpu.lan:1234', null)],
    ['http://gpu.lan:1234/api/v0', http('http://gpu.lan:1234/v1', 'gpu.lan:1234', null)],
    ['https://gpu.lan/api/chat', http('https://gpu.lan/v1', 'gpu.lan:443', null)],
    ['http://gpu.lan/ollama/api/generate', http('http://gpu.lan/ollama/v1', 'gpu.lan:80', null)],
    ['http://gpu.lan/api/tags#org/big@q4', http('http://gpu.lan/v1', 'gpu.lan:80', 'org/big@q4')],
    ['http://gpu.lan:11434/api/chat', { scheme: 'ollama', model: null, host: 'gpu.lan:11434' }],
    ['http://GPU.lan/API/Tags/?x=1#tiny:1b', { scheme: 'ollama', model: 'tiny:1b', host: 'gpu.lan:80' }],
    ['http://[::1]:11434/api/version', { scheme: 'ollama', model: null, host: '[::1]:11434' }],
    ['http://gpu.lan/models', http('http://gpu.lan/models', 'gpu.lan:80', null)],
    ['http://gpu.lan/api', http('http://gpu.lan/api', 'gpu.lan:80', null)],
    ['query+http://gpu.lan/api/chat', { scheme: 'query+http', url: 'http://gpu.lan/api/chat', host: 'gpu.lan:80' }],
  ])('%s', (text, expected) => {
    expect(parseBackendUrl(text)).toEqual(expected);
  });

  it('has one text, whatever is put together', () => {
    const piece = fc.constantFrom('v1', 'V1', 'v0', 'api', 'openai', 'chat', 'completions', 'models', 'tags', 'x');
    const pieces = fc.array(piece, { maxLength: 6 });
    fc.assert(
      fc.property(pieces, fc.constantFrom('', '/', '#tiny', '#a@b'), (path, end) => {
        const parsed = parseBackendUrl(`http://gpu.lan/${path.join('/')}${end}`);
        expect(parseBackendUrl(printBackendUrl(parsed))).toEqual(parsed);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    'http://me:SECRET@gpu.lan/v1/models',
    'http://gpu.lan/v1/models?me:SECRET@x',
    'http://gpu.lan/v1/?key=SECRET',
  ])('%s is refused as before, without its secret', (text) => {
    expect(() => parseBackendUrl(text)).toThrow(
      expect.objectContaining({ code: 'backend_url_invalid', message: expect.not.stringContaining('SECRET') }),
    );
  });
});

describe('a model file of another folder', () => {
  it('becomes absolute, and nothing else changes', () => {
    const cwd = nodePath.resolve('/projects/here');
    const file = nodePath.resolve(cwd, 'models/tiny.gguf');
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
