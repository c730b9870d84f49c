// What stands between Hearth and a server answers in its place: each in a sentence of its own that names the target.
import { afterEach, describe, expect, it } from 'vitest';
import type { Backend } from '../../../src/main/backends/interface.ts';
import { createFetch } from '../../../src/main/diagnostics/index.ts';
import { pullModel } from '../../../src/main/ollama/index.ts';
import { backendAt, openAi, query } from './remote-setup.ts';
import { cleanUp, forever, hear, hello, ollamaAt, replay } from './setup.ts';

afterEach(cleanUp);

type Status = { status: number; body: string; contentType?: string; headers?: Record<string, string> };

/** What is asked of each kind of server: each gives the error. */
const ASKED: [string, (answer: Status) => Promise<{ error: unknown; host: string }>][] = [
  [
    'a question to an OpenAI-compatible server',
    async (answer) => {
      const server = await openAi({ fault: { kind: 'status', ...answer } });
      return { ...(await hear(backendAt(server.url).chat(hello, forever()))), host: new URL(server.url).host };
    },
  ],
  [
    'its list of models',
    async (answer) => {
      const server = await openAi({ fault: { kind: 'status', path: '/v1/models', ...answer } });
      return { error: await failureOf(backendAt(server.url)), host: new URL(server.url).host };
    },
  ],
  [
    'a question to Ollama',
    async (answer) => {
      const server = await replay({ fault: { kind: 'status', ...answer } });
      return { ...(await hear(ollamaAt(server.url).chat(hello, forever()))), host: new URL(server.url).host };
    },
  ],
  [
    'its list of models, too',
    async (answer) => {
      const server = await replay({ fault: { kind: 'status', path: '/api/tags', ...answer } });
      return { error: await failureOf(ollamaAt(server.url)), host: new URL(server.url).host };
    },
  ],
  [
    'a download by Ollama',
    async (answer) => {
      const server = await replay({ fault: { kind: 'status', path: '/api/pull', ...answer } });
      const fetch = createFetch({ purpose: 'tests' });
      const pull = { fetch, origin: server.url, host: new URL(server.url).host, model: 'tiny', isInsecure: false };
      const pulled = (async () => {
        for await (const record of pullModel(pull, forever())) expect(record).toBeNull();
      })();
      const error: unknown = await pulled.catch((thrown: unknown) => thrown);
      fetch.close();
      return { error, host: new URL(server.url).host };
    },
  ],
  [
    'a query service',
    async (answer) => {
      const server = await query({ fault: { kind: 'status', ...answer } });
      return {
        ...(await hear(backendAt(`query+${server.url}`).chat(hello, forever()))),
        host: new URL(server.url).host,
      };
    },
  ],
];

const failureOf = (backend: Backend): Promise<unknown> => backend.models(forever()).catch((thrown: unknown) => thrown);

const LOGIN = '<!doctype html><html><form action="/go"><input name=u><input type="password" name=p></form></html>';

describe.each(ASKED)('%s', (_, failing) => {
  it('that is sent elsewhere names the place, and nothing that may be secret', async () => {
    const location = 'https://me:pw@new.example/v1?token=sk-1';
    const { error, host } = await failing({ status: 307, body: '', headers: { location } });
    expect(error).toMatchObject({ code: 'backend_redirects', params: { host, to: 'https://new.example/v1' } });
    expect(JSON.stringify(error)).not.toMatch(/pw@|sk-1/);
  });

  it('that meets a login page says so', async () => {
    const location = 'https://wifi.example/login?next=x';
    const sent = await failing({ status: 302, body: '', headers: { location } });
    expect(sent.error).toMatchObject({ code: 'backend_login', params: { page: 'https://wifi.example/login' } });
    const page = await failing({ status: 200, body: LOGIN, contentType: 'text/html' });
    expect(page.error).toMatchObject({ code: 'backend_login', params: { host: page.host } });
    const captive = await failing({ status: 511, body: '' });
    expect(captive.error).toMatchObject({ code: 'backend_login' });
  });

  it('that a gateway answers says that nobody stood behind it', async () => {
    const { error, host } = await failing({ status: 502, body: '<html>Bad Gateway</html>', contentType: 'text/html' });
    expect(error).toMatchObject({ code: 'backend_gateway', params: { host, status: 502 } });
    expect((error as Error).message).toContain(`gateway in front of ${host}`);
  });

  it('that is too large says what to do', async () => {
    const { error, host } = await failing({ status: 413, body: '<html>too large</html>', contentType: 'text/html' });
    expect(error).toMatchObject({ code: 'request_too_large', params: { host } });
  });
});
