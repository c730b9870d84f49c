// Making sure a model is here: no request too many, and none to a registry that was not asked for.
import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { SettingsPatch } from '../../../src/contract/settings.ts';
import type { EnsureResult } from '../../../src/contract/models.ts';
import { createEnsureModel } from '../../../src/main/models/index.ts';
import type { ReplayOllama } from '../../support/replay-ollama/index.ts';
import { placesAt, PULL, replay, scene, silentLog } from './setup.ts';

const layer = (mediaType: string, letter: string, size: number) => ({
  mediaType,
  digest: `sha256:${letter.repeat(64)}`,
  size,
});
const manifest = {
  schemaVersion: 2,
  mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
  config: layer('application/vnd.docker.container.image.v1+json', 'c', 429),
  layers: [layer('application/vnd.ollama.image.model', 'a', 465_120)],
};
const BODY = JSON.stringify(manifest);
const DIGEST = createHash('sha256').update(BODY).digest('hex');

interface Registry {
  /** host:port */
  host: string;
  paths: string[];
  server: Server;
}

async function registry(answer: RequestListener): Promise<Registry> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(`${request.headers.accept} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, paths, server };
}

async function ensure(
  ollama: ReplayOllama,
  input: { model: string; isFresh?: boolean; isInsecure?: boolean },
  registryMs = 5_000,
  patch: SettingsPatch = {},
): Promise<{ result: EnsureResult; models: string[]; kept: string[] }> {
  const kept: string[] = [];
  const keep = (model: string) => void kept.push(model);
  const { downloads, settings } = await scene(ollama, { settings: patch });
  const places = placesAt(`${ollama.host}:${ollama.port}`);
  const ensureModel = createEnsureModel({ places, downloads, settings, log: silentLog, keep, registryMs });
  const result = await ensureModel({ isFresh: false, isInsecure: false, ...input }, new AbortController().signal);
  return { result, kept, models: downloads.status().downloads.map(({ model }) => model) };
}

/** An Ollama that has this model in the version of that digest. */
const having = (name: string, digest: string) =>
  replay({ models: [{ name, digest }], pull: { ...PULL, stopAtBytes: 0 } });

it('leaves a model that is here alone, by whichever of its names', async () => {
  const ollama = await having('llama3.2:latest', DIGEST);
  for (const model of ['llama3.2', 'Llama3.2:latest', 'registry.ollama.ai/library/llama3.2']) {
    const { result, models, kept } = await ensure(ollama, { model });
    expect(result).toEqual({ type: 'present', wasChecked: false });
    expect(models).toEqual([]);
    // A deletion that waits is not wanted any more.
    expect(kept).toEqual([model]);
  }
  expect(ollama.requestsTo('/api/pull')).toEqual([]);
});

it('fetches a model that is missing', async () => {
  const ollama = await having('llama3.2:latest', DIGEST);
  const { result, models } = await ensure(ollama, { model: 'llama3.2:1b', isFresh: true });
  expect(result).toMatchObject({ type: 'downloading', reason: 'missing', download: { model: 'llama3.2:1b' } });
  expect(models).toEqual(['llama3.2:1b']);
});

it.each([
  ['as it came', BODY],
  ['written by another hand than Ollama’s', JSON.stringify({ ...manifest, layers: manifest.layers }, null, 2)],
])('finds the newest version here, its manifest %s', async (_, body) => {
  const { host, paths } = await registry((_request, response) => response.end(body));
  const model = `${host}/library/tiny:latest`;
  const ollama = await having(model, DIGEST);
  const { result, models } = await ensure(ollama, { model, isFresh: true, isInsecure: true });
  expect(result).toEqual({ type: 'present', wasChecked: true });
  expect(models).toEqual([]);
  expect(paths).toEqual(['application/vnd.docker.distribution.manifest.v2+json /v2/library/tiny/manifests/latest']);
});

it('fetches a newer version', async () => {
  const { host } = await registry((_request, response) => response.end(BODY));
  const model = `${host}/library/tiny:latest`;
  const ollama = await having(model, 'f'.repeat(64));
  const { result, models } = await ensure(ollama, { model, isFresh: true, isInsecure: true });
  expect(result).toMatchObject({ type: 'downloading', reason: 'outdated', download: { model } });
  expect(models).toEqual([model]);
});

it('asks the registry only when it was asked to', async () => {
  const { host, paths } = await registry((_request, response) => response.end(BODY));
  const model = `${host}/library/tiny:latest`;
  const ollama = await having(model, 'f'.repeat(64));
  const { result } = await ensure(ollama, { model, isInsecure: true });
  expect(result).toEqual({ type: 'present', wasChecked: false });
  // Plain http only where it is allowed.
  expect((await ensure(ollama, { model, isFresh: true })).result).toEqual({ type: 'present', wasChecked: false });
  expect(paths).toEqual([]);
});

it('follows a registry that sends it elsewhere', async () => {
  const real = await registry((_request, response) => response.end(BODY));
  const { host } = await registry((request, response) => {
    response.writeHead(307, { location: `http://${real.host}${request.url}` }).end();
  });
  const model = `${host}/library/tiny:latest`;
  const ollama = await having(model, DIGEST);
  const { result } = await ensure(ollama, { model, isFresh: true, isInsecure: true });
  expect(result).toEqual({ type: 'present', wasChecked: true });
});

it('asks a registry elsewhere through the proxy of the settings alone', async () => {
  const proxy = await registry(() => {});
  const asked: string[] = [];
  proxy.server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  const model = 'registry.invalid/library/tiny:latest';
  const ollama = await having(model, DIGEST);
  const { result } = await ensure(ollama, { model, isFresh: true }, 5_000, { engine: { proxy: proxy.host } });
  expect(result).toEqual({ type: 'present', wasChecked: false });
  expect(asked).toEqual(['registry.invalid:443']);
});

const RELUCTANT: [string, RequestListener][] = [
  ['has none', (_request, response) => response.writeHead(404).end('{}')],
  ['wants an account', (_request, response) => response.writeHead(401, { 'www-authenticate': 'Bearer' }).end()],
  ['answers with a page', (_request, response) => response.end('<!doctype html>')],
  ['hangs up', (request) => request.destroy()],
  ['says nothing', () => {}],
  ['sends it in circles', (request, response) => response.writeHead(302, { location: request.url }).end()],
  ['sends it nowhere', (_request, response) => response.writeHead(302, { location: 'http://' }).end()],
  [
    'breaks off',
    (_request, response) =>
      void response.writeHead(200, { 'content-length': 999 }).write('{', () => response.destroy()),
  ],
  [
    'never ends',
    (_request, response) => {
      const piece = Buffer.alloc(256 * 1024, ' ');
      const write = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', write);
      write();
    },
  ],
];

it.each(RELUCTANT)('a registry that %s: what is here is good', async (_, answer) => {
  const { host } = await registry(answer);
  const model = `${host}/library/tiny:latest`;
  const ollama = await having(model, DIGEST);
  const { result, models } = await ensure(ollama, { model, isFresh: true, isInsecure: true }, 300);
  expect(result).toEqual({ type: 'present', wasChecked: false });
  expect(models).toEqual([]);
});

it('rejects names that are none, an Ollama that is not there, and an abort', async () => {
  const ollama = await having('tiny:latest', DIGEST);
  await expect(ensure(ollama, { model: 'bad name!!' })).rejects.toMatchObject({ code: 'model_name_invalid' });
  const { downloads, settings } = await scene(ollama);
  const places = placesAt(`${ollama.host}:${ollama.port}`);
  const ensureModel = createEnsureModel({ places, downloads, settings, log: silentLog, keep() {} });
  const reason = new Error('enough');
  const input = { model: 'tiny', isFresh: false, isInsecure: false };
  await expect(ensureModel(input, AbortSignal.abort(reason))).rejects.toBe(reason);
  await ollama.close();
  await expect(ensureModel(input, new AbortController().signal)).rejects.toMatchObject({ code: 'backend_unreachable' });
});
