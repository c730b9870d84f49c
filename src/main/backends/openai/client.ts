// One OpenAI-compatible server over HTTP: the SDK for what comes whole, our own request for the stream.
//
// The SDK never sees a key: its headers (telemetry, OPENAI_CUSTOM_HEADERS of the environment) are replaced by ours in the
// fetch it is given, which also refuses pages and error statuses before the SDK does. Why the stream is read by us:
// docs/decisions/0015-openai-client.md.
import type OpenAI from 'openai';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions/completions';
import type { ByteSource, Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { accessHeaders, type Asked } from '../remote/asked.ts';
import type { Access } from '../interface.ts';
import { headerOf } from '../../ollama/index.ts';
import { readText } from '../remote/read-body.ts';
import { takesQuestions } from '../remote/takes-questions.ts';
import { isPage, notAnEvent, refusalFrom, Refused } from './failures.ts';

/** Of a body that is no answer: more is not needed for a sentence. */
const SAID_MAX_BYTES = 4_000;
/** Node's longest timer: the limits are ours. */
const NO_TIMEOUT_MS = 2_147_483_647;

/** All calls reject with `Refused`, a HearthError, or the signal's reason. */
export interface OpenAiClient {
  /** What /models says, and the `Server` header that came with it. */
  models(signal: AbortSignal): Promise<{ value: unknown; server: string | null }>;
  /** The whole answer to a question. */
  whole(body: ChatCompletionCreateParamsNonStreaming, signal: AbortSignal): Promise<unknown>;
  /** The answer as it comes, once its headers are there. */
  stream(body: object, signal: AbortSignal): Promise<{ contentType: string | null; body: ByteSource }>;
  /** Whether there is anything that takes questions; null where that can't be told now. Nothing is asked. */
  takesQuestions(signal: AbortSignal): Promise<boolean | null>;
  embeddings(model: string, texts: readonly string[], signal: AbortSignal): Promise<unknown>;
}

export interface ClientOptions {
  fetch: Fetch;
  /** Of the API, without a slash at its end. */
  base: string;
  access: Access;
  asked: Asked;
}

export function createOpenAiClient({ fetch, base, access, asked }: ClientOptions): OpenAiClient {
  const own = accessHeaders(access);

  /** Runs one call of the SDK over our fetch. */
  async function ask<T>(signal: AbortSignal, call: (sdk: OpenAI) => Promise<T>): Promise<T> {
    // Loaded when first needed: importing it costs a start tens of milliseconds.
    const { OpenAI: Sdk } = await import('openai');
    let failure: unknown = null;
    const bound = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
      try {
        const { method = 'GET', body = null } = init;
        const headers = { accept: 'application/json', ...(body === null ? {} : JSON_BODY), ...own };
        const response = await fetch(input, { method, headers, signal, ...(body === null ? {} : { body }) });
        const contentType = response.headers.get('content-type');
        if (response.ok && !isPage(contentType)) return response;
        const header = (name: string) => response.headers.get(name);
        throw new Refused(refusalFrom({ status: response.status, header, said: await beginningOf(response) }));
      } catch (error) {
        // The SDK sorts errors by their words and drops some: ours is kept beside it.
        failure = error;
        throw error;
      }
    };
    const sdk = new Sdk({
      // Everything that it would take from the environment otherwise.
      apiKey: 'not-the-key',
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      baseURL: base,
      logLevel: 'off',
      maxRetries: 0,
      timeout: NO_TIMEOUT_MS,
      fetch: bound,
    });
    try {
      return await call(sdk);
    } catch (error) {
      signal.throwIfAborted();
      if (failure !== null || error instanceof HearthError) throw failure ?? error;
      if (error instanceof SyntaxError) throw notAnEvent(error.message, asked);
      // The connection broke before all of it was there.
      throw new HearthError('backend_empty', { backend: asked.backend, host: asked.host }, { cause: error });
    }
  }

  /** The SDK hands out the text of what is not called JSON, and nothing for what is empty. */
  function jsonOf(value: unknown): unknown {
    if (value === undefined || value === null || value === '')
      throw new HearthError('backend_empty', { backend: asked.backend, host: asked.host });
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      throw notAnEvent(value, asked);
    }
  }

  return {
    models: (signal) =>
      ask(signal, async (sdk) => {
        // Not `models.list()`, which takes anything without a list for an empty one.
        const { data, response } = await sdk.get<unknown>('/models').withResponse();
        return { value: jsonOf(data), server: response.headers.get('server') };
      }),
    whole: (body, signal) => ask(signal, async (sdk) => jsonOf(await sdk.chat.completions.create(body))),
    async stream(body, signal) {
      const answer = await fetch.post(`${base}/chat/completions`, {
        headers: { accept: 'text/event-stream, application/json', ...JSON_BODY, ...own },
        body: JSON.stringify(body),
        signal,
      });
      const contentType = answer.headers['content-type'] ?? null;
      if (answer.status >= 200 && answer.status < 300 && !isPage(contentType))
        return { contentType, body: answer.body };
      const { text } = await readText(answer.body, SAID_MAX_BYTES);
      const { status } = answer;
      throw new Refused(refusalFrom({ status, header: headerOf(answer.headers), said: text }));
    },
    takesQuestions: (signal) => takesQuestions(fetch, { url: `${base}/chat/completions`, headers: own }, signal),
    embeddings: (model, texts, signal) =>
      ask(signal, async (sdk) =>
        // Left to itself the SDK asks for base64, which not every server knows.
        jsonOf(await sdk.embeddings.create({ model, input: [...texts], encoding_format: 'float' })),
      ),
  };
}

const JSON_BODY = { 'content-type': 'application/json' };

async function beginningOf({ body }: Response): Promise<string> {
  const reader = body?.getReader();
  if (reader === undefined) return '';
  const read = async () => (await reader.read()).value ?? null;
  const { text } = await readText({ read, cancel: () => void reader.cancel().catch(() => undefined) }, SAID_MAX_BYTES);
  return text;
}
