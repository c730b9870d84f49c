// Bodies that were packed or written in another charset although nobody asked for it, whole and while they come.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createFetch, type FetchOptions } from '../../../src/main/diagnostics/index.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

const TEXT = '{"models":[{"name":"tiny:latest","note":"Grüße"}]}';
type Headers = Record<string, string>;

async function serve(headers: Headers, answer: (write: (bytes: Buffer) => void, end: () => void) => void) {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    answer(
      (bytes) => void response.write(bytes),
      () => response.end(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  cleanups.push(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function read(headers: Headers, bytes: Buffer, options: Partial<FetchOptions> = {}, step = bytes.length) {
  const url = await serve(headers, (write, end) => {
    for (let at = 0; at < bytes.length; at += step) write(bytes.subarray(at, at + step));
    end();
  });
  const fetch = createFetch({ purpose: 'test', ...options });
  cleanups.push(() => fetch.close());
  return await (await fetch(url)).text();
}

const packings: [encoding: string, bytes: Buffer][] = [
  ['gzip', zlib.gzipSync(TEXT)],
  ['X-GZIP', zlib.gzipSync(TEXT)],
  ['deflate', zlib.deflateSync(TEXT)],
  ['deflate', zlib.deflateRawSync(TEXT)],
  ['br', zlib.brotliCompressSync(TEXT)],
  ['br, gzip', zlib.gzipSync(zlib.brotliCompressSync(TEXT))],
  ['zstd', zlib.zstdCompressSync(TEXT)],
  ['identity', Buffer.from(TEXT)],
  ['something', Buffer.from(TEXT)],
];

describe('a packed body', () => {
  it.each(packings)('in %s is unpacked, wherever the bytes are cut', async (encoding, bytes) => {
    expect(await read({ 'content-encoding': encoding }, bytes)).toBe(TEXT);
    expect(await read({ 'content-encoding': encoding }, bytes, {}, 1)).toBe(TEXT);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd', 'gzip, br'])(
    'that is called %s and is plain is read as plain',
    async (encoding) => {
      for (const plain of [TEXT, '{}', ''])
        expect(await read({ 'content-encoding': encoding }, Buffer.from(plain))).toBe(plain);
    },
  );

  it('without its last bytes is what it holds', async () => {
    expect(await read({ 'content-encoding': 'gzip' }, zlib.gzipSync(TEXT).subarray(0, -8))).toBe(TEXT);
  });

  it('that breaks in the middle is an error', async () => {
    const packed = zlib.gzipSync(Buffer.alloc(100_000, 'x'));
    packed.fill(0xff, 20);
    await expect(read({ 'content-encoding': 'gzip' }, packed)).rejects.toThrow();
  });

  it('is handed on as it is where files are fetched', async () => {
    const text = await read({ 'content-encoding': 'gzip' }, zlib.gzipSync('x'), { keepsPacked: true });
    expect(text).not.toBe('x');
  });
});

it.each([
  ['gzip', () => zlib.createGzip()],
  ['deflate', () => zlib.createDeflate()],
  ['br', () => zlib.createBrotliCompress()],
] as const)('a stream in %s is handed on record by record', async (encoding, pack) => {
  const packer = pack();
  let isOver = (): void => {};
  const url = await serve({ 'content-encoding': encoding, 'content-type': 'text/event-stream' }, (write, end) => {
    packer.on('data', write);
    packer.on('end', end);
    packer.write('data: first\n\n');
    packer.flush();
    isOver = () => packer.end('data: last\n\n');
  });
  const fetch = createFetch({ purpose: 'test' });
  cleanups.push(() => fetch.close());
  const { body } = await fetch.post(url, { headers: {}, body: '{}', signal: new AbortController().signal });
  expect(Buffer.from((await body.read())!).toString()).toBe('data: first\n\n');
  // Only now does the server send the rest.
  isOver();
  let rest = '';
  for (let piece = await body.read(); piece !== null; piece = await body.read()) rest += Buffer.from(piece).toString();
  expect(rest).toBe('data: last\n\n');
});

it.each([
  ['utf-16le', Buffer.from(TEXT, 'utf16le')],
  ['"UTF-16"', Buffer.from(TEXT, 'utf16le')],
  ['iso-8859-1', Buffer.from(TEXT, 'latin1')],
  ['utf-8', Buffer.from(TEXT)],
  ['klingon', Buffer.from(TEXT)],
])('a body in the charset %s is read in it', async (charset, bytes) => {
  const headers = { 'content-type': `application/json; charset=${charset}` };
  expect(await read(headers, bytes)).toBe(TEXT);
  expect(await read(headers, bytes, {}, 1)).toBe(TEXT);
});
