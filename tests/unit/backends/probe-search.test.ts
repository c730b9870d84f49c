// Which places of an address are asked, without a network.
import { expect, test } from 'vitest';
import { readServerUrl } from '../../../src/main/backends/list/address.ts';
import type { Seen } from '../../../src/main/backends/probe/request.ts';
import { search } from '../../../src/main/backends/probe/search.ts';
import { HearthError } from '../../../src/main/errors/index.ts';

/** Looks for `typed` where only `answers` say something; tells what was asked. */
async function lookedAt(typed: string, answers: Record<string, unknown> = {}) {
  const asked: string[] = [];
  const ask = (url: string): Promise<Seen> => {
    asked.push(url);
    if (url in answers) return Promise.resolve({ what: 'json', value: answers[url], server: null, latencyMs: 1 });
    const error = new HearthError('backend_unreachable', { host: new URL(url).host, backend: 'server' });
    return Promise.resolve({ what: 'failure', error, latencyMs: 1 });
  };
  return {
    outcome: await search(readServerUrl(typed), typed, {
      ask,
      askForChat: () => Promise.resolve(null),
      hasAccess: false,
    }),
    asked,
  };
}

test('where only a host was typed, the ports that are usual are tried as well', async () => {
  const { asked, outcome } = await lookedAt('studio.local');
  expect(asked).toEqual([
    'http://studio.local:80/api/version',
    'http://studio.local:11434/api/version',
    'http://studio.local:1234/v1/models',
    'http://studio.local/v1/models',
  ]);
  // What is told is of the place that was typed.
  expect(outcome).toMatchObject({ found: null, seen: { error: { params: { host: 'studio.local' } } } });
});

test.each([
  [
    'studio.local',
    { 'http://studio.local:11434/api/version': { version: '1' } },
    { scheme: 'ollama', host: 'studio.local:11434' },
  ],
  [
    'studio.local',
    { 'http://studio.local:1234/v1/models': { data: [] } },
    { scheme: 'http', base: 'http://studio.local:1234/v1' },
  ],
  [
    '[fd00::1]',
    { 'http://[fd00::1]:11434/api/version': { version: '1' } },
    { scheme: 'ollama', host: '[fd00::1]:11434' },
  ],
])('%s is found at its usual port', async (typed, answers, url) => {
  expect((await lookedAt(typed, answers)).outcome).toMatchObject({ found: { url } });
});

test.each(['http://studio.local', 'studio.local:8000', '192.168.1.20:1234', '[::1]:8000'])(
  '%s is taken at its word',
  async (typed) => {
    const { asked } = await lookedAt(typed);
    expect(new Set(asked.map((url) => new URL(url).host)).size).toBe(1);
  },
);

test('443 means https, where no Ollama is asked for', async () => {
  expect((await lookedAt('studio.local:443')).asked).toEqual(['https://studio.local/v1/models']);
});

test('a model that was typed is kept', async () => {
  const answers = { 'http://studio.local:9/api/version': { version: '1' } };
  expect((await lookedAt('http://studio.local:9#tiny', answers)).outcome).toMatchObject({
    found: { url: { model: 'tiny' } },
  });
});
