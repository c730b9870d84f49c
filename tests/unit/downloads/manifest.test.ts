// Where a registry may send the question for a manifest.
import { expect, test } from 'vitest';
import type { Fetch } from '../../../src/main/diagnostics/index.ts';
import { manifestDigests } from '../../../src/main/models/downloads/manifest.ts';

const name = { host: 'registry.invalid', namespace: 'library', model: 'tiny', tag: 'latest' };
const never = new AbortController().signal;

async function sentTo(location: string, isInsecure: boolean): Promise<string[]> {
  const asked: string[] = [];
  const fetch = (input: RequestInfo | URL) => {
    asked.push(input instanceof URL ? input.href : 'not a URL');
    const isFirst = asked.length === 1;
    return Promise.resolve(new Response(null, isFirst ? { status: 307, headers: { location } } : { status: 404 }));
  };
  expect(await manifestDigests({ fetch: fetch as Fetch, name, isInsecure }, never)).toBeNull();
  return asked.slice(1);
}

test.each([
  ['elsewhere by https', 'https://cdn.invalid/m', false, ['https://cdn.invalid/m']],
  ['elsewhere on itself', '/m', false, ['https://registry.invalid/m']],
  ['from https to http', 'http://cdn.invalid/m', false, []],
  ['from http to http, where that was allowed', 'http://cdn.invalid/m', true, ['http://cdn.invalid/m']],
  ['to a file', 'file:///etc/passwd', true, []],
])('sent %s', async (_name, location, isInsecure, asked) => {
  expect(await sentTo(location, isInsecure)).toEqual(asked);
});
