// What changes the models of an Ollama: show, copy, delete, create, load, unload, and the blobs that models are made of.
import { z } from 'zod';
import type { ByteSource, Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { beginBlobs, type OllamaBlobs } from './blobs.ts';
import { beginningOf } from './client.ts';
import { failureInStream, notARecord, OLLAMA_LABEL, requireOllama } from './failures.ts';
import { createLineSplitter } from './lines.ts';
import { readShown, type ShownModel } from './lists.ts';
import { type Limit, withLimit } from './manage-limit.ts';
import { headerOf } from './wait-asked.ts';

/** The body of /api/create: from a model that is there, or from blobs by file name. */
export interface CreateRequest {
  model: string;
  from?: string;
  files?: Record<string, string>;
  system?: string;
  template?: string;
  license?: string;
  parameters?: Record<string, unknown>;
  messages?: unknown[];
  renderer?: string;
  parser?: string;
  requires?: string;
}

export interface LoadRequest {
  model: string;
  /** Embedding models take no chat. */
  isEmbedding: boolean;
  /** What questions will be asked with: others would make Ollama read the model again. */
  options: Record<string, number>;
  limitMs: number;
}

/** All calls reject with a HearthError (`model_not_found`, `backend_silent`, …) or the signal's reason. */
export interface OllamaManager extends OllamaBlobs {
  show(model: string, signal: AbortSignal): Promise<ShownModel>;
  copy(from: string, to: string, signal: AbortSignal): Promise<void>;
  remove(model: string, signal: AbortSignal): Promise<void>;
  /** Resolves when it is made; until then each status it tells is handed on. */
  create(request: CreateRequest, signal: AbortSignal): Promise<void>;
  /** Resolves when the model is in memory. Rejects with `backend_load_timeout` after the limit. */
  load(request: LoadRequest, signal: AbortSignal): Promise<void>;
  unload(model: string, signal: AbortSignal): Promise<void>;
}

export interface OllamaManagerOptions {
  fetch: Fetch;
  origin: string;
  host: string;
  /** How long a server may say nothing while it works. Default 60 s. */
  silenceMs?: number;
}

/** Reading the header of a model with a large vocabulary, or checking layers on a slow disk, is silent for a while. */
const CREATE_SILENCE_FACTOR = 5;

export function createOllamaManager({ fetch, origin, host, silenceMs = 60_000 }: OllamaManagerOptions): OllamaManager {
  const silence = (ms = silenceMs): Limit => ({
    ms,
    late: () => new HearthError('backend_silent', { backend: OLLAMA_LABEL, seconds: ms / 1000 }),
  });

  /** @returns the parsed body; undefined when it is empty */
  function ask(call: {
    method?: string;
    path: string;
    body: { model?: string } & Record<string, unknown>;
    model: string;
    limit?: Limit;
    signal: AbortSignal;
  }): Promise<unknown> {
    return withLimit(call.signal, call.limit ?? silence(), async (signal) => {
      const response = await fetch(`${origin}${call.path}`, {
        method: call.method ?? 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(call.body),
        signal,
      });
      const said = await response.text();
      await requireOllama(
        { status: response.status, header: (name) => response.headers.get(name), said: () => Promise.resolve(said) },
        host,
        call.model,
      );
      return said === '' ? undefined : parsed(said, host);
    });
  }

  return {
    ...beginBlobs({ fetch, origin, host, silence: silence() }),
    async show(model, signal) {
      const shown = readShown(await ask({ path: '/api/show', body: { model }, model, signal }));
      if (shown === null) throw new HearthError('backend_garbage', { host, backend: OLLAMA_LABEL });
      return shown;
    },
    async copy(from, to, signal) {
      await ask({ path: '/api/copy', body: { source: from, destination: to }, model: from, signal });
    },
    async remove(model, signal) {
      await ask({ method: 'DELETE', path: '/api/delete', body: { model }, model, signal });
    },
    create(request, signal) {
      return withLimit(signal, silence(silenceMs * CREATE_SILENCE_FACTOR), async (limited, goOn) => {
        const { status, headers, body } = await fetch.post(`${origin}/api/create`, {
          headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
          body: JSON.stringify(request),
          signal: limited,
        });
        const said = () => beginningOf(body);
        await requireOllama({ status, header: headerOf(headers), said }, host, request.model);
        await readCreation(body, host, goOn);
      });
    },
    async load({ model, isEmbedding, options, limitMs }, signal) {
      const late = () =>
        new HearthError('backend_load_timeout', { backend: OLLAMA_LABEL, model, seconds: limitMs / 1000 });
      const limit = { ms: limitMs, late };
      const [path, empty] = isEmbedding ? ['/api/embed', { input: '' }] : ['/api/chat', { messages: [] }];
      await ask({ path, body: { model, ...empty, stream: false, options }, model, limit, signal });
    },
    async unload(model, signal) {
      await ask({ path: '/api/chat', body: { model, messages: [], stream: false, keep_alive: 0 }, model, signal });
    },
  };
}

const CreationRecord = z.object({ status: z.string().optional(), error: z.string().optional() });

/** Resolves at `success`: a stream that ends without it is no creation. */
async function readCreation(body: ByteSource, host: string, goOn: () => void): Promise<void> {
  const lines = createLineSplitter();
  let isMade = false;
  const take = (line: string): void => {
    if (line.trim() === '') return;
    const record = CreationRecord.safeParse(parsed(line, host));
    if (!record.success) throw notARecord(line, host);
    if (record.data.error !== undefined) throw failureInStream(record.data.error);
    isMade ||= record.data.status === 'success';
  };
  try {
    for (let piece = await body.read(); piece !== null; piece = await body.read()) {
      goOn();
      const complete = lines.push(piece);
      if (complete === null) throw notARecord('', host);
      complete.forEach(take);
    }
    take(lines.rest());
  } catch (error) {
    body.cancel();
    // The connection broke: what it broke with says less than that it did.
    if (!(error instanceof HearthError))
      throw new HearthError('stream_cut', { backend: OLLAMA_LABEL }, { cause: error });
    throw error;
  }
  if (!isMade) throw new HearthError('stream_cut', { backend: OLLAMA_LABEL });
}

function parsed(said: string, host: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    // What came instead is in the error's detail.
    throw notARecord(said, host);
  }
}
