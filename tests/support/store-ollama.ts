// An Ollama that keeps models as the real one does: blobs and manifests in a folder, changed over its API. For tests of
// what manages models; answers and errors are worded as in the recordings of tests/fixtures/ollama.
import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { createGate } from './replay-ollama/gate.ts';

export interface StoredModel {
  system: string;
  template: string;
  license: string;
  parameters: Record<string, unknown>;
  /** Of its weights. */
  blobs: string[];
  messages: unknown[];
}

export type StoreFault =
  | { kind: 'status'; status: number; error: string }
  /** The connection is dropped after so many bytes of the request's body. */
  | { kind: 'cut-upload'; afterBytes: number }
  /** The body is read no further. */
  | { kind: 'stall-upload'; afterBytes: number }
  /** The stream of /api/create ends with this. */
  | { kind: 'error-line'; error: string }
  /** The stream of /api/create is cut before its end. */
  | { kind: 'cut' }
  /** Waits before the answer until `release()`. */
  | { kind: 'hold' };

export interface SeenCall {
  method: string;
  path: string;
  body: unknown;
}

export interface StoreOllama {
  url: string;
  host: string;
  folder: string;
  calls: SeenCall[];
  callsTo(method: string, path: string): SeenCall[];
  /** Strikes every request to the path (its beginning) from now on; null heals. */
  setFault(fault: (StoreFault & { path: string }) | null): void;
  held(): Promise<void>;
  release(): void;
  /** Puts a model there without asking the API; `weights` become its blob. */
  add(name: string, model?: Partial<StoredModel> & { weights?: Buffer }): void;
  /** Takes one away without asking the API. */
  remove(name: string): void;
  names(): string[];
  model(name: string): StoredModel | null;
  /** Changes what is in memory. */
  setLoaded(names: string[]): void;
  close(): Promise<void>;
}

export interface StoreOptions {
  folder: string;
  /** Lists no capabilities and no context length, as 0.24 does. */
  isOld?: boolean;
  port?: number;
  /** Gets what ends it; default: the end of vitest's test. */
  atEnd?: (close: () => Promise<void>) => void;
}

const hexOf = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');
const fullName = (name: string) => (/:[^/]*$/.test(name) ? name : `${name}:latest`);

/** Closed when the test ends. */
export async function startStoreOllama(options: StoreOptions): Promise<StoreOllama> {
  const { folder, isOld = false, port = 0, atEnd = onTestFinished } = options;
  const gate = createGate();
  const calls: SeenCall[] = [];
  const sockets = new Set<Socket>();
  let fault: (StoreFault & { path: string }) | null = null;
  let loaded = new Set<string>();
  mkdirSync(path.join(folder, 'blobs'), { recursive: true });

  const blobPath = (digest: string) => path.join(folder, 'blobs', digest.replace(':', '-'));
  const manifests = path.join(folder, 'manifests', 'registry.ollama.ai', 'library');
  const manifestPath = (name: string) => path.join(manifests, ...fullName(name).split(':'));

  function read(name: string): StoredModel | null {
    const file = manifestPath(name);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StoredModel) : null;
  }
  function write(name: string, model: StoredModel): void {
    mkdirSync(path.dirname(manifestPath(name)), { recursive: true });
    writeFileSync(manifestPath(name), JSON.stringify(model));
  }
  function names(): string[] {
    if (!existsSync(manifests)) return [];
    return readdirSync(manifests).flatMap((model) =>
      readdirSync(path.join(manifests, model)).map((tag) => `${model}:${tag}`),
    );
  }

  const entry = (name: string) => {
    const model = read(name);
    const size = (model?.blobs ?? []).reduce((sum, digest) => sum + statSync(blobPath(digest)).size, 0);
    return {
      name,
      model: name,
      modified_at: statSync(manifestPath(name)).mtime.toISOString(),
      size,
      digest: hexOf(JSON.stringify(model)),
      details: {
        format: 'gguf',
        family: 'llama',
        families: ['llama'],
        parameter_size: '116K',
        quantization_level: 'F32',
        ...(isOld ? {} : { context_length: 2048 }),
      },
      ...(isOld ? {} : { capabilities: ['completion'] }),
    };
  };

  function show(name: string) {
    const model = read(name);
    if (model === null) return null;
    const lines = Object.entries(model.parameters).flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).map((one) => `${key.padEnd(30)} ${JSON.stringify(one)}`),
    );
    const from = model.blobs.map((digest) => `FROM ${blobPath(digest)}`);
    return {
      modelfile: ['# Modelfile generated by "ollama show"', '', ...from].join('\n'),
      parameters: lines.join('\n'),
      template: model.template,
      license: model.license,
      system: model.system,
      messages: model.messages,
      details: entry(fullName(name)).details,
      model_info: {
        'general.architecture': 'llama',
        'llama.block_count': 2,
        'llama.context_length': 2048,
        'llama.embedding_length': 64,
        'llama.attention.head_count': 4,
        'llama.attention.head_count_kv': 2,
      },
      capabilities: ['completion'],
    };
  }

  /** As server/create.go does it: what comes `from` a model is merged, an empty system prompt changes nothing. */
  function create(body: Record<string, unknown>): string | null {
    const { model, from, files } = body as { model: string; from?: string; files?: Record<string, string> };
    const base = from === undefined ? null : read(from);
    if (from !== undefined && base === null) return `model '${from}' not found`;
    const missing = Object.values(files ?? {}).find((digest) => !existsSync(blobPath(digest)));
    if (missing !== undefined) return `blob not found (${missing})`;
    const text = (key: string) => (typeof body[key] === 'string' ? body[key] : '');
    write(model, {
      system: text('system') || (base?.system ?? ''),
      template: text('template') || (base?.template ?? ''),
      license: text('license') || (base?.license ?? ''),
      parameters: { ...base?.parameters, ...(body.parameters as Record<string, unknown>) },
      blobs: base?.blobs ?? Object.values(files ?? {}),
      messages: (body.messages as unknown[]) ?? base?.messages ?? [],
    });
    return null;
  }

  function remove(name: string): void {
    const gone = read(name)?.blobs ?? [];
    rmSync(manifestPath(name));
    const used = new Set(names().flatMap((one) => read(one)?.blobs ?? []));
    for (const digest of gone) if (!used.has(digest)) rmSync(blobPath(digest), { force: true });
  }

  async function upload(request: IncomingMessage, response: ServerResponse, digest: string): Promise<void> {
    const strike = fault !== null && request.url?.startsWith(fault.path) ? fault : null;
    const temporary = path.join(folder, 'blobs', `sha256-upload-${calls.length}`);
    const file = createWriteStream(temporary);
    // Told by the write.
    file.on('error', () => undefined);
    let hasStalled = false;
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of request) {
        bytes += (chunk as Buffer).length;
        if (strike?.kind === 'cut-upload' && bytes >= strike.afterBytes) return void request.socket.destroy();
        if (strike?.kind === 'stall-upload' && bytes >= strike.afterBytes && !hasStalled) {
          hasStalled = true;
          await gate.pass(AbortSignal.timeout(60_000));
        }
        hash.update(chunk as Buffer);
        await new Promise((resolve, reject) => file.write(chunk, (error) => (error ? reject(error) : resolve(null))));
      }
      await new Promise((resolve) => file.end(resolve));
      if (`sha256:${hash.digest('hex')}` !== digest) return say(response, 400, { error: 'digest mismatch' });
      renameSync(temporary, blobPath(digest));
      response.writeHead(201).end();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
        say(response, 500, { error: 'write blob: no space left on device' });
    } finally {
      file.destroy();
      rmSync(temporary, { force: true });
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '' } = request;
    const url = request.url ?? '/';
    const isUpload = method === 'POST' && url.startsWith('/api/blobs/');
    const body = isUpload ? null : ((await bodyOf(request)) as Record<string, unknown>);
    calls.push({ method, path: url, body });
    if (fault !== null && url.startsWith(fault.path)) {
      if (fault.kind === 'status') return say(response, fault.status, { error: fault.error });
      if (fault.kind === 'hold') await gate.pass(AbortSignal.timeout(60_000));
    }
    if (isUpload) return upload(request, response, url.slice('/api/blobs/'.length));
    if (method === 'HEAD') {
      response.writeHead(existsSync(blobPath(url.slice('/api/blobs/'.length))) ? 200 : 404).end();
      return;
    }
    const name = textOf(body?.model) || textOf(body?.source);
    const isThere = name !== '' && read(name) !== null;
    switch (`${method} ${url}`) {
      case 'GET /api/version':
        return say(response, 200, { version: '0.0.0' });
      case 'GET /api/tags':
        return say(response, 200, { models: names().map(entry) });
      case 'GET /api/ps':
        return say(response, 200, {
          models: names()
            .filter((one) => loaded.has(one))
            .map(inMemory),
        });
      case 'POST /api/show':
        return isThere ? say(response, 200, show(name)) : say(response, 404, { error: `model '${name}' not found` });
      case 'POST /api/copy': {
        const source = read(name);
        if (source === null) return say(response, 404, { error: `model "${name}" not found` });
        write(String(body?.destination), source);
        response.writeHead(200).end();
        return;
      }
      case 'DELETE /api/delete':
        if (!isThere) return say(response, 404, { error: `model '${name}' not found` });
        remove(name);
        response.writeHead(200).end();
        return;
      case 'POST /api/create':
        return stream(response, () => create(body ?? {}));
      case 'POST /api/embed':
      case 'POST /api/chat':
        if (!isThere) return say(response, 404, { error: `model '${name}' not found` });
        if (body?.keep_alive === 0) loaded.delete(fullName(name));
        else loaded.add(fullName(name));
        return say(response, 200, { model: name, done: true, done_reason: body?.keep_alive === 0 ? 'unload' : 'load' });
      default:
        response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
    }
  }

  const inMemory = (name: string) => ({
    ...entry(name),
    size: 901_120,
    size_vram: 0,
    expires_at: '2026-11-20T22:25:47.856084249Z',
  });

  function stream(response: ServerResponse, act: () => string | null): void {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const first = `${JSON.stringify({ status: 'parsing GGUF' })}\n`;
    if (fault?.path === '/api/create' && fault.kind === 'cut')
      return void response.write(first, () => response.destroy());
    response.write(first);
    const error = fault?.path === '/api/create' && fault.kind === 'error-line' ? fault.error : act();
    response.end(`${JSON.stringify(error === null ? { status: 'success' } : { error })}\n`);
  }

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  const store: StoreOllama = {
    url: `http://${host}`,
    host,
    folder,
    calls,
    callsTo: (method, at) => calls.filter((call) => call.method === method && call.path.startsWith(at)),
    setFault(given) {
      fault = given;
    },
    held: () => gate.held(),
    release: () => gate.open(),
    add(name, { weights = Buffer.from(`weights of ${name}`), ...given } = {}) {
      const digest = `sha256:${hexOf(weights)}`;
      writeFileSync(blobPath(digest), weights);
      const model = { system: '', template: '', license: '', parameters: {}, messages: [], blobs: [digest], ...given };
      write(name, model);
    },
    remove,
    names,
    model: read,
    setLoaded(given) {
      loaded = new Set(given.map(fullName));
    },
    async close() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  atEnd(() => store.close());
  return store;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks).toString('utf8');
  return raw === '' ? null : (JSON.parse(raw) as unknown);
}

function say(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
}
