// A server of releases on this computer, which serves what a test gives it and fails as the test wants.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What goes wrong with one answer. */
export type Fault =
  /** The connection breaks after so many bytes of the body. */
  | { kind: 'cut'; afterBytes: number }
  /** Nothing more comes after so many bytes, and nothing ends. */
  | { kind: 'stall'; afterBytes: number }
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  /** A page for people, with 200: a network that wants a sign-in. */
  | { kind: 'web_page' }
  | { kind: 'redirect'; to: string }
  /** All of the file, whatever was asked for. */
  | { kind: 'ignore_range' }
  /** `Content-Length` and `Content-Range` tell so many bytes more than there are. */
  | { kind: 'lie_about_size'; byBytes: number }
  /** The bytes from another place than was asked for, and it says so. */
  | { kind: 'wrong_range' }
  /** One bit of the file is another one. */
  | { kind: 'flip'; atByte: number }
  /** No length is told. */
  | { kind: 'no_length' };

export interface MirrorRequest {
  path: string;
  range: string | null;
  ifRange: string | null;
  /** How many requests for this path there were before. */
  before: number;
}

export interface ReleaseMirror {
  /** Base address of the releases. */
  url: string;
  port: number;
  requests: MirrorRequest[];
  /** Decides for each answer; null serves it well. */
  fault: (request: MirrorRequest) => Fault | null;
  /** A release as the makers publish it: the files and their `sha256sum.txt`; also the newest from now on. */
  publish(version: string, files: Record<string, Buffer>): void;
  /** Bodies that are longer wait after so many bytes until `release` is called. */
  holdAfter(bytes: number): { held: Promise<void>; release(): void };
  close(): Promise<void>;
}

export async function startReleaseMirror(): Promise<ReleaseMirror> {
  const files = new Map<string, Buffer>();
  const counts = new Map<string, number>();
  const sockets = new Set<Socket>();
  let newest: string | null = null;
  let hold: { bytes: number; reached: () => void; open: Promise<void> } | null = null;

  const server = createServer((request, response) => void answer(request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  const mirror: ReleaseMirror = {
    url: `http://127.0.0.1:${port}/releases`,
    port,
    requests: [],
    fault: () => null,
    publish(version, published) {
      newest = version;
      const sums = Object.entries(published).map(([name, body]) => `${sha256(body)}  ./${name}\n`);
      for (const [name, body] of Object.entries({ ...published, 'sha256sum.txt': Buffer.from(sums.join('')) }))
        files.set(`/releases/download/v${version}/${name}`, body);
    },
    holdAfter(bytes) {
      let reached = (): void => undefined;
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        reached = resolve;
      });
      const open = new Promise<void>((resolve) => {
        release = resolve;
      });
      hold = { bytes, reached, open };
      return {
        held,
        release() {
          hold = null;
          release();
        },
      };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://mirror').pathname;
    const before = counts.get(path) ?? 0;
    counts.set(path, before + 1);
    const told: MirrorRequest = {
      path,
      range: request.headers.range ?? null,
      ifRange: (request.headers['if-range'] as string | undefined) ?? null,
      before,
    };
    mirror.requests.push(told);
    const fault = mirror.fault(told);
    if (fault?.kind === 'status') return void response.writeHead(fault.status, fault.headers).end('no\n');
    if (fault?.kind === 'web_page')
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>');
    if (fault?.kind === 'redirect') return void response.writeHead(302, { location: fault.to }).end();
    if (path === '/releases/latest' && newest !== null)
      return void response.writeHead(302, { location: `/releases/tag/v${newest}` }).end();
    const file = files.get(path);
    if (file === undefined) return void response.writeHead(404).end('Not Found');
    await send(response, told, file, fault);
  }

  async function send(response: ServerResponse, request: MirrorRequest, file: Buffer, fault: Fault | null) {
    const etag = `"${sha256(file).slice(0, 16)}"`;
    const isSame = request.ifRange === null || request.ifRange === etag;
    const asked = Number(/^bytes=(\d+)-$/.exec(request.range ?? '')?.[1] ?? Number.NaN);
    const isPart = Number.isFinite(asked) && isSame && fault?.kind !== 'ignore_range';
    if (isPart && asked >= file.length) {
      response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
      return;
    }
    const lie = fault?.kind === 'lie_about_size' ? fault.byBytes : 0;
    const start = isPart ? (fault?.kind === 'wrong_range' ? Math.floor(asked / 2) : asked) : 0;
    const total = file.length + lie;
    let body = file.subarray(start);
    if (fault?.kind === 'flip' && fault.atByte >= start) {
      body = Buffer.from(body);
      const at = fault.atByte - start;
      body[at] = (body[at] ?? 0) ^ 1;
    }
    response.writeHead(isPart ? 206 : 200, {
      etag,
      'content-type': 'application/octet-stream',
      ...(fault?.kind === 'no_length' ? {} : { 'content-length': total - start }),
      ...(isPart ? { 'content-range': `bytes ${start}-${total - 1}/${total}` } : {}),
    });
    const gate = hold;
    if (gate !== null && body.length > gate.bytes) {
      response.write(body.subarray(0, gate.bytes));
      body = body.subarray(gate.bytes);
      gate.reached();
      await gate.open;
    }
    // The socket is cut when its bytes have left, so that they arrive.
    if (fault?.kind === 'cut') response.write(body.subarray(0, fault.afterBytes), () => response.socket?.end());
    else if (fault?.kind === 'stall') response.write(body.subarray(0, fault.afterBytes));
    // What was promised and is not there never comes: the connection breaks instead.
    else if (lie > 0) response.write(body, () => response.socket?.end());
    else response.end(body);
  }

  return mirror;
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
