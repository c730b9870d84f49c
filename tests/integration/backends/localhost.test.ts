// `localhost` means this computer by both of its addresses: servers listen on one of them only.
import os from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { Settings } from '../../../src/contract/settings.ts';
import { createRemoteBackend } from '../../../src/main/backends/remote/remote.ts';
import { parseBackendUrl } from '../../../src/main/backends/url/url.ts';
import { createFetch } from '../../../src/main/diagnostics/index.ts';
import { atEnd, cleanUp, forever, hear, hello, replay } from './setup.ts';

const hasIpv6 = Object.values(os.networkInterfaces()).some((found) => found?.some(({ address }) => address === '::1'));

afterEach(cleanUp);

function ollamaAt(url: string) {
  const { timeouts, engine } = Settings.parse({});
  const access = () => Promise.resolve({ key: null, headers: {} });
  const options = { id: 'mine', label: 'Mine', access, timeouts: () => timeouts };
  const backend = createRemoteBackend(parseBackendUrl(url), options, () => engine);
  atEnd(() => backend.stop?.());
  return backend;
}

describe.each(['127.0.0.1', '::1'])('a server that listens on %s only', (host) => {
  it('is found as localhost', async ({ skip }) => {
    skip(host === '::1' && !hasIpv6, 'this computer has no IPv6');
    const server = await replay({ host, answer: { tokens: ['ok'] } });
    const fetch = createFetch({ purpose: 'test' });
    atEnd(() => fetch.close());
    const response = await fetch(`http://localhost:${server.port}/api/version`);
    expect(await response.json()).toEqual({ version: '0.0.0' });

    const backend = ollamaAt(`ollama://tiny@localhost:${server.port}`);
    expect(await backend.look(forever())).toMatchObject({ state: 'ready', host: `localhost:${server.port}` });
    expect((await hear(backend.chat(hello, forever()))).text).toBe('ok');
  });
});

it('where nobody listens on either is refused, and does not wait for the limit', async () => {
  const server = await replay();
  await server.close();
  // The limit on connecting would be another error.
  const fetch = createFetch({ purpose: 'test' });
  atEnd(() => fetch.close());
  await expect(fetch(`http://localhost:${server.port}/`)).rejects.toMatchObject({ code: 'backend_unreachable' });
  const { error } = await hear(ollamaAt(`ollama://tiny@localhost:${server.port}`).chat(hello, forever()));
  expect(error).toMatchObject({ code: 'backend_unreachable' });
});
