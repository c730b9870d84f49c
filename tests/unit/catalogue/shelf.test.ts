// The catalogue as it is shown, and its refresh from a server that may do anything.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CatalogueFile, Hardware, InstalledModel } from '../../../src/contract/models.ts';
import { createLog } from '../../../src/main/diagnostics/index.ts';
import { downloadCatalogue } from '../../../src/main/models/catalogue/download.ts';
import { createCatalogueShelf } from '../../../src/main/models/catalogue/shelf.ts';
import { createFitMeter } from '../../../src/main/models/fit/meter.ts';
import { memorySettings } from '../../support/memory-settings.ts';

const GB = 1e9;
const never = new AbortController().signal;
let folder = '';
let server: Server | null = null;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'hearth-catalogue-'));
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  await rm(folder, { recursive: true, force: true });
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/catalogue.json`;
}

type Here = Pick<InstalledModel, 'name' | 'loaded'>;

function shelf({
  url = null,
  freeBytes = 10 * GB,
  here = [],
}: { url?: string | null; freeBytes?: number; here?: Here[] } = {}) {
  const settings = memorySettings({ catalogue: { url } });
  const computer: Hardware = { memoryBytes: 64 * GB, freeMemoryBytes: freeBytes, gpus: [], physicalCores: 4 };
  const meter = createFitMeter({ settings, hardware: () => Promise.resolve(computer) });
  return createCatalogueShelf({ folder, settings, meter, installed: () => here, log: createLog({ folder }) });
}

const tiny = (updated: string): CatalogueFile => ({
  format: 1,
  updated,
  entries: [
    {
      id: 'tiny',
      name: 'Tiny',
      family: 'Llama',
      goodAt: 'Nothing much',
      licence: 'MIT',
      capabilities: ['completion'],
      languages: ['en'],
      variants: [
        {
          model: 'example.com/library/tiny:latest',
          size: '116K',
          quantization: 'F32',
          downloadBytes: 465_120,
          layers: 2,
          kvHeads: 2,
          headSize: 16,
          contextLength: 2_048,
        },
      ],
    },
  ],
});
const answering = (content: unknown) => serve((_request, response) => response.end(JSON.stringify(content)));

describe('the catalogue', () => {
  test('tells for each size whether it fits and whether it is here', async () => {
    const { entries, source, hardware } = await shelf({ here: [{ name: 'Llama3.1:8B', loaded: null }] }).get(never);
    expect(source).toBe('shipped');
    expect(hardware.freeMemoryBytes).toBe(10 * GB);
    const variants = entries.flatMap((entry) => entry.variants);
    expect(variants.filter(({ isInstalled }) => isInstalled).map(({ model }) => model)).toEqual(['llama3.1:8b']);
    const label = (name: string) => variants.find(({ model }) => model === name)?.fit.label;
    expect([label('llama3.2:3b'), label('mistral-nemo:12b'), label('llama3.3:70b')]).toEqual([
      'fits',
      'tight',
      'too_big',
    ]);
  });

  test('does not count a model against itself', async () => {
    const fitHere = async (here: Here[]) =>
      (await shelf({ freeBytes: GB, here }).get(never)).entries
        .flatMap(({ variants }) => variants)
        .find(({ model }) => model === 'llama3.1:8b')?.fit.label;
    expect(await fitHere([])).toBe('too_big');
    const loaded = { sizeBytes: 8 * GB, gpuBytes: 0, expiresAtMs: null };
    expect(await fitHere([{ name: 'llama3.1:8b', loaded }])).toBe('fits');
  });

  test.each([
    [200 * GB, 'llama3.2:3b', 'fits'],
    [4 * GB, 'llama3.2:3b', 'fits'],
    // Not the first choice: it would be tight here.
    [3.3 * GB, 'qwen3:1.7b', 'fits'],
    [1.1 * GB, 'smollm2:135m', 'tight'],
    [0.1 * GB, null, undefined],
  ])('with %d bytes free suggests %s', async (freeBytes, expected, label) => {
    const { suggested, entries } = await shelf({ freeBytes }).get(never);
    const found = entries.flatMap(({ variants }) => variants).find(({ model }) => model === suggested);
    expect([suggested, found?.fit.label]).toEqual([expected, label]);
  });

  test('ends with its signal', async () => {
    await expect(shelf().get(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  });
});

describe('a refresh', () => {
  test('replaces the shipped one, also after a restart', async () => {
    const url = await answering(tiny('2100-01-01'));
    const first = await shelf({ url }).refresh(never);
    expect(first).toMatchObject({
      source: 'refreshed',
      updated: '2100-01-01',
      suggested: 'example.com/library/tiny:latest',
    });
    expect(await shelf().get(never)).toMatchObject({ source: 'refreshed', updated: '2100-01-01' });
  });

  test('takes the rest where one model of it can’t be read, and the log counts it', async () => {
    const { entries, ...head } = tiny('2100-01-01');
    const url = await answering({ ...head, entries: [{ id: 'odd', variants: 7 }, ...entries] });
    const refreshed = await shelf({ url }).refresh(never);
    expect(refreshed.entries.map(({ id }) => id)).toEqual(['tiny']);
    expect((await shelf().get(never)).source).toBe('refreshed');
    const logs = (await readdir(folder)).filter((name) => name.endsWith('.log'));
    const said = await Promise.all(logs.map((name) => readFile(path.join(folder, name), 'utf8')));
    expect(said.join('')).toMatch(/left out.*"leftOut":1/);
  });

  test('happens only when it is asked for', async () => {
    let requests = 0;
    const url = await serve((_request, response) => {
      requests += 1;
      response.end(JSON.stringify(tiny('2100-01-01')));
    });
    const mine = shelf({ url });
    await mine.get(never);
    await mine.get(never);
    expect(requests).toBe(0);
  });

  test('without an address asks for one', async () => {
    await expect(shelf().refresh(never)).rejects.toMatchObject({ code: 'bad_request' });
  });

  test.each<[string, string, RequestListener]>([
    ['an error page', 'catalogue_unreachable', (_request, response) => response.writeHead(503).end('busy')],
    ['a redirect', 'catalogue_unreachable', (_request, response) => response.writeHead(302, { location: '/x' }).end()],
    ['a web page', 'catalogue_invalid', (_request, response) => response.end('<!doctype html>')],
    ['an old one', 'catalogue_invalid', (_request, response) => response.end(JSON.stringify(tiny('2020-01-01')))],
    ['too much', 'catalogue_invalid', (_request, response) => response.end('x'.repeat(2_000_001))],
    [
      'a broken connection',
      'catalogue_unreachable',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 1_000 }).write('half');
        setImmediate(() => response.destroy());
      },
    ],
  ])('that gets %s keeps what is there', async (_name, code, listener) => {
    const url = await serve(listener);
    const mine = shelf({ url });
    await expect(mine.refresh(never)).rejects.toMatchObject({ code, params: { url } });
    expect((await mine.get(never)).source).toBe('shipped');
    await expect(readFile(path.join(folder, 'catalogue.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each(['http://example.com/catalogue.json', 'file:///etc/passwd', 'ftp://example.com/x', 'nonsense'])(
    'from %s is not tried',
    async (url) => {
      await expect(shelf({ url }).refresh(never)).rejects.toMatchObject({ code: 'catalogue_unreachable' });
    },
  );

  test('goes through the proxy of the settings, except on this computer', async () => {
    const asked: string[] = [];
    const proxyUrl = await serve(() => {});
    server?.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    const proxy = new URL(proxyUrl).host;
    const away = downloadCatalogue({ url: 'https://catalogue.invalid/x.json', proxy, signal: never });
    await expect(away).rejects.toMatchObject({ code: 'catalogue_unreachable' });
    expect(asked).toEqual(['catalogue.invalid:443']);
    const here = downloadCatalogue({ url: proxyUrl, proxy, signal: never, limitMs: 50 });
    await expect(here).rejects.toMatchObject({ code: 'catalogue_unreachable' });
    expect(asked).toHaveLength(1);
  });

  test('that hangs ends with its limit, or with its signal', async () => {
    const url = await serve(() => {});
    await expect(downloadCatalogue({ url, proxy: null, signal: never, limitMs: 50 })).rejects.toMatchObject({
      code: 'catalogue_unreachable',
    });
    const stop = new AbortController();
    const asked = downloadCatalogue({ url, proxy: null, signal: stop.signal });
    stop.abort(new Error('gone'));
    await expect(asked).rejects.toThrow('gone');
  });
});

test('a kept catalogue that is broken or older than the shipped one is left aside', async () => {
  for (const content of ['{', JSON.stringify(tiny('2020-01-01'))]) {
    await writeFile(path.join(folder, 'catalogue.json'), content);
    expect((await shelf().get(never)).source).toBe('shipped');
  }
});
