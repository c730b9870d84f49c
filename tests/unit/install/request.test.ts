// Where a request for a release may lead.
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../../src/main/diagnostics/index.ts';
import { get } from '../../../src/main/ollama/install/request.ts';
import { releasesBase } from '../../../src/main/ollama/install/find-release.ts';

/** Answers each address with what leads on from it; an address that is not named is the end. */
function asked(redirects: Record<string, string>): { fetch: Fetch; seen: string[] } {
  const seen: string[] = [];
  const fetch = (input: RequestInfo | URL): Promise<Response> => {
    const url = input instanceof Request ? input.url : new URL(input).href;
    seen.push(url);
    const location = redirects[url];
    return Promise.resolve(
      location === undefined ? new Response('the end') : new Response(null, { status: 302, headers: { location } }),
    );
  };
  return {
    fetch: Object.assign(fetch, { post: () => Promise.reject(new Error('none')), close: () => undefined }),
    seen,
  };
}
async function walk(from: string, redirects: Record<string, string>, base = from) {
  const { fetch, seen } = asked(redirects);
  const ask = { fetch, base: new URL(base), stallMs: 1_000, signal: new AbortController().signal };
  const end = await get(new URL(from), ask).then(
    async (answer) => {
      answer.close();
      return answer.response.status;
    },
    (error: { code?: string }) => error.code,
  );
  return { end, seen };
}

describe('a redirect', () => {
  it('is followed to another host', async () => {
    const { end, seen } = await walk('https://a.example/x', { 'https://a.example/x': 'https://b.example/y?sig=1' });
    expect(end).toBe(200);
    expect(seen).toEqual(['https://a.example/x', 'https://b.example/y?sig=1']);
  });

  it.each(['http://b.example/', 'http://127.0.0.1/', 'http://localhost/', 'file:///etc/passwd', 'ftp://b.example/'])(
    'from https to %s is not',
    async (target) => {
      const { end, seen } = await walk('https://a.example/x', { 'https://a.example/x': target });
      expect(end).toBe('install_unreachable');
      expect(seen).toHaveLength(1);
    },
  );

  it('from a base of one’s own without encryption may stay without', async () => {
    const { end } = await walk('http://mirror.lan/x', { 'http://mirror.lan/x': 'http://store.lan/x' });
    expect(end).toBe(200);
  });

  it.each([
    [5, 200],
    [6, 'install_unreachable'],
  ])('%i times ends with %s', async (times, end) => {
    const redirects = Object.fromEntries(
      Array.from({ length: times }, (_, step) => [`https://a.example/${step}`, `/${step + 1}`]),
    );
    expect((await walk('https://a.example/0', redirects)).end).toBe(end);
  });
});

describe('the base address', () => {
  it.each([
    [null, 'https://github.com/ollama/ollama/releases'],
    ['https://mirror.example/ollama/', 'https://mirror.example/ollama'],
    [' http://10.0.0.2:8080 ', 'http://10.0.0.2:8080/'],
  ])('%j is %j', (setting, url) => expect(releasesBase(setting).href).toBe(url));

  it.each(['mirror', 'ftp://mirror.example', 'file:///srv', ''])('%j is none', (setting) =>
    expect(() => releasesBase(setting)).toThrow(expect.objectContaining({ code: 'install_unreachable' })),
  );
});
