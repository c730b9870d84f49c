// One Ollama server over HTTP: the typed client for what comes whole, our own request for the stream.
//
// A client object is made for every request, around a fetch that carries the request's signal and refuses what is not
// Ollama's before the client sees it: the client has no signals of its own and prints bodies it does not understand. The
// stream of /api/chat is read by us: see docs/decisions/0003-ollama-client.md.
import type { ChatRequest as OllamaChatRequest, Ollama, Options } from 'ollama';
import type { ByteSource, Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { OLLAMA_LABEL, requireOllama } from './failures.ts';
import { headerOf } from './wait-asked.ts';
import { type ListedModel, type LoadedModel, readListed, readLoaded, readShown, readVersion } from './lists.ts';
import { withLimit } from './manage-limit.ts';

export interface EmbedRequest {
  model: string;
  input: readonly string[];
  /** How it is loaded; the same in every request for it. */
  options: Partial<Options>;
}

/** What comes whole is at hand at once, unless the server hangs. */
const WHOLE_LIMIT_MS = 30_000;

/** All calls reject with a HearthError (`backend_no_answer` after a while) or the signal's reason. */
export interface OllamaClient {
  /** Null where an Ollama answers that does not tell it. */
  version(signal: AbortSignal): Promise<string | null>;
  list(signal: AbortSignal): Promise<ListedModel[]>;
  loaded(signal: AbortSignal): Promise<LoadedModel[]>;
  /** How the server writes a conversation for the model; null where that is done in another way than by a template. */
  template(model: string, signal: AbortSignal): Promise<string | null>;
  /** One vector a text, in their order. May take as long as the model takes to load: the caller sets the limit. */
  embed(request: EmbedRequest, signal: AbortSignal): Promise<Float32Array[]>;
  /** Takes the model out of memory, also while it works for nobody. */
  unload(model: string, signal: AbortSignal): Promise<void>;
  /** The stream of records; resolves with the headers, which come with the first record. */
  chat(request: OllamaChatRequest, signal: AbortSignal): Promise<ByteSource>;
}

export function createOllamaClient({
  fetch,
  origin,
  host,
}: {
  fetch: Fetch;
  origin: string;
  host: string;
}): OllamaClient {
  const late = () => new HearthError('backend_no_answer', { host, seconds: WHOLE_LIMIT_MS / 1_000 });
  const limit = { ms: WHOLE_LIMIT_MS, late };
  const ask = <T>(outer: AbortSignal, call: (client: Ollama) => Promise<T>): Promise<T> =>
    withLimit(outer, limit, (signal) => askUnlimited(signal, call));

  /** Throws what becomes `backend_garbage` for a body of another kind. */
  const read = <T>(
    signal: AbortSignal,
    call: (client: Ollama) => Promise<unknown>,
    readBody: (body: unknown) => T | null,
  ) =>
    ask(signal, async (client) => {
      const found = readBody(await call(client));
      if (found === null) throw new TypeError('something else');
      return found;
    });

  async function askUnlimited<T>(
    signal: AbortSignal,
    call: (client: Ollama) => Promise<T>,
    model: string | null = null,
  ): Promise<T> {
    // Loaded when first needed: importing it costs a start some milliseconds.
    const { Ollama } = await import('ollama');
    const bound = async (input: RequestInfo | URL, init?: RequestInit) => {
      const response = await fetch(input, { ...init, signal });
      const { status, headers } = response;
      // Read through a copy: the client gets the body untouched.
      const said = () => response.clone().text();
      await requireOllama({ status, header: (name) => headers.get(name), said }, host, model);
      return response;
    };
    try {
      return await call(new Ollama({ host: origin, fetch: bound }));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HearthError) throw error;
      // The body was no JSON, or not of the shape that was asked for.
      throw new HearthError('backend_garbage', { host, backend: OLLAMA_LABEL }, { cause: error });
    }
  }
  return {
    version: async (signal) => (await read(signal, (client) => client.version(), readVersion)).version,
    list: (signal) => read(signal, (client) => client.list(), readListed),
    loaded: (signal) => read(signal, (client) => client.ps(), readLoaded),
    async template(model, signal) {
      const { template, renderer } = await read(signal, (client) => client.show({ model }), readShown);
      return template === '' || renderer !== '' ? null : template;
    },
    embed: ({ model, input, options }, signal) =>
      askUnlimited(
        signal,
        async (client) => {
          const { embeddings } = (await client.embed({ model, input: [...input], ...loadedWith(options) })) as {
            embeddings: unknown;
          };
          if (!isVectors(embeddings) || embeddings.length !== input.length) throw new TypeError('no vectors');
          return embeddings.map((vector) => Float32Array.from(vector));
        },
        model,
      ),
    unload: (model, signal) =>
      ask(signal, async (client) => {
        await client.generate({ model, prompt: '', stream: false, keep_alive: 0 });
      }),
    async chat(request, signal) {
      const { status, headers, body } = await fetch.post(`${origin}/api/chat`, {
        headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
        body: JSON.stringify(request),
        signal,
      });
      const said = () => beginningOf(body);
      await requireOllama({ status, header: headerOf(headers), said }, host, request.model);
      return body;
    },
  };
}

const loadedWith = (options: Partial<Options>) => (Object.keys(options).length === 0 ? {} : { options });

function isVectors(value: unknown): value is number[][] {
  return (
    Array.isArray(value) &&
    value.every((one) => Array.isArray(one) && one.every((number) => typeof number === 'number'))
  );
}

/** Of a body that is no answer: more is not needed for a sentence. */
const SAID_MAX_CHARS = 4_000;

export async function beginningOf(body: ByteSource): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (let piece = await body.read(); piece !== null && text.length < SAID_MAX_CHARS; piece = await body.read())
    text += decoder.decode(piece, { stream: true });
  body.cancel();
  return text.slice(0, SAID_MAX_CHARS);
}
