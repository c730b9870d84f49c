// A server that speaks OpenAI's chat completions as a backend: LM Studio, vLLM, llama-server, cloud ones by the user's wish.
import type { ModelInfo } from '../../../contract/backends.ts';
import { isThisComputer } from '../../../contract/hosts.ts';
import { createFetch } from '../../diagnostics/index.ts';
import { HearthError, toErrorInfo } from '../../errors/index.ts';
import { isCloudModel } from '../../ollama/index.ts';
import { answerLimitMs, unlessAborted } from '../../waits/index.ts';
import { askedWith, type Asked } from '../remote/asked.ts';
import { text as words } from '../../words/index.ts';
import { createDeadline } from '../waiting/deadline.ts';
import type { Backend, BackendHealth, ChatRequest, RemoteOptions } from '../interface.ts';
import { createOpenAiClient, type OpenAiClient } from './client.ts';
import { type Flavour, newDialect } from './dialect.ts';
import { failureOf, isLoading, notAnEvent, Refused } from './failures.ts';
import { type FoundModels, readModels } from './models.ts';
import { readAnswer } from './stream.ts';
import { readVectors } from './vectors.ts';

/** Where it answers: the parts of an http(s) backend URL. */
export interface OpenAiAddress {
  /** With its path and no slash at the end, for example `http://gpu.lan:8000/v1`. */
  base: string;
  /** `host:port`. */
  host: string;
  /** The model for a request without one; null takes the first of the server's list. */
  model: string | null;
}

export interface OpenAiOptions extends RemoteOptions {
  /** What it understands beyond the standard, where that is known; otherwise a look tells. */
  flavour?: Flavour;
  /** Between two questions to a server that says it is loading the model. Default 1 s. */
  loadingPollMs?: number;
}

/**
 * How many questions are asked at once. These servers batch, and cloud ones limit by the minute rather than by the
 * connection: one after the other would waste them. Small ones (LM Studio, llama-server with its four slots) put more in a
 * line of their own, where nobody sees it, so it is not many.
 */
const CONCURRENCY = 4;
/** A list of hundreds is no help in a sentence. */
const TOLD_MODELS_MAX = 12;

export function createOpenAiBackend(address: OpenAiAddress, options: OpenAiOptions): Backend {
  const { base, host } = address;
  const { label, timeouts } = options;
  const dialect = { ...newDialect(), flavour: options.flavour ?? null };
  /** What the last look found; null before it. */
  let found: FoundModels | null = null;
  /** Known once it took one, or would. What takes none is asked at each look: somebody may have set it right. */
  let isKnownToTakeQuestions = false;
  const fetch = createFetch({
    purpose: `ask ${label}`,
    service: words('backends:probe.server'),
    connectTimeoutMs: () => timeouts().connectMs,
    // Asking again costs the server some work and changes nothing there.
    isRepeatable: () => true,
  });

  async function begin(signal: AbortSignal): Promise<{ asked: Asked; client: OpenAiClient }> {
    const access = await unlessAborted(options.access(), signal);
    const asked = askedWith(label, host, access);
    return { asked, client: createOpenAiClient({ fetch, base, access, asked }) };
  }

  const modelFor = (requested: string | null) => requested ?? address.model ?? firstOf(found?.models ?? []);
  /** An Ollama lists the models of its maker's computers beside its own: from this computer they are asked by name alone. */
  const firstOf = (models: readonly ModelInfo[]) =>
    models.find(({ name }) => !isThisComputer(host) || !isCloudModel(name))?.name ?? null;

  const describe = (model: string | null) => ({ url: model === null ? base : `${base}#${model}`, host });

  /** Asks for the list within the connect limit. Rejects with `Refused` or a HearthError. */
  async function list(client: OpenAiClient, asked: Asked, outer: AbortSignal): Promise<FoundModels> {
    const limitMs = answerLimitMs(timeouts().connectMs);
    const deadline = createDeadline(outer);
    const late = { backend: label, host, seconds: limitMs / 1000 };
    deadline.set(limitMs, () => new HearthError('backend_no_answer', late));
    try {
      const { value, server } = await client.models(deadline.signal);
      const models = readModels(value, server);
      if (models === null) throw notAnEvent(JSON.stringify(value) ?? '', asked);
      dialect.flavour = options.flavour ?? models.flavour;
      return (found = models);
    } finally {
      deadline.end();
    }
  }

  /** Names what is there instead of the model that is not. */
  async function withInstalled(client: OpenAiClient, asked: Asked, missing: HearthError): Promise<HearthError> {
    // The list of the last look has to do where there is none now: the model that is not there is what matters.
    const { models } = await list(client, asked, new AbortController().signal).catch(() => found ?? { models: [] });
    const names = models.map(({ name }) => name);
    const told = [...names.slice(0, TOLD_MODELS_MAX), ...(names.length > TOLD_MODELS_MAX ? ['…'] : [])].join(', ');
    return new HearthError(
      missing.code,
      { ...missing.params, installed: told || '–' },
      { cause: missing, detail: missing.detail },
    );
  }

  /** Of one that had the time of a long prompt: where it tells how it is, it is well, and the next question may fare better. */
  async function tooSlowOr(
    late: HearthError,
    { client, asked, signal }: { client: OpenAiClient; asked: Asked; signal: AbortSignal },
  ): Promise<HearthError> {
    try {
      await list(client, asked, signal);
    } catch (error) {
      // One that refuses to list its models answers as well.
      if (!(error instanceof Refused)) return late;
    }
    return new HearthError('backend_too_slow', late.params, { cause: late });
  }

  function hadLong(error: unknown, { delivery }: ChatRequest): error is HearthError {
    if (!(error instanceof HearthError) || error.code !== 'backend_first_token_timeout') return false;
    return delivery !== 'whole' && Number(error.params.seconds) * 1_000 > timeouts().firstTokenMs;
  }

  function status(state: BackendHealth['state'], rest: Partial<BackendHealth> = {}): BackendHealth {
    const nothing = { isOwned: false, version: null, latencyMs: null, models: [], problem: null };
    return { ...describe(modelFor(null)), state, ...nothing, ...rest };
  }

  const withoutModel = () => new HearthError('no_model_installed', { backend: label });

  const withoutChat = () =>
    new HearthError('backend_no_chat', { host, path: new URL(`${base}/chat/completions`).pathname });

  /** False only where that is sure. */
  async function mayTakeQuestions(client: OpenAiClient, signal: AbortSignal): Promise<boolean> {
    if (isKnownToTakeQuestions) return true;
    const takes = await client.takesQuestions(signal);
    isKnownToTakeQuestions = takes === true;
    return takes !== false;
  }

  /** How a server is that refused to list its models. */
  async function statusOfRefused(
    { refusal }: Refused,
    { client, asked }: { client: OpenAiClient; asked: Asked },
    { latencyMs, signal }: { latencyMs: number; signal: AbortSignal },
  ): Promise<BackendHealth> {
    if (isLoading(refusal)) return status('starting', { latencyMs });
    // It speaks HTTP and shows no page: a server that lists no models can answer all the same, if one is named.
    const listsNone = (refusal.status === 404 || refusal.status === 405) && !refusal.isPage;
    if (!listsNone || !(await mayTakeQuestions(client, signal)))
      return status('unavailable', { problem: failureOf(refusal, asked, null).toInfo() });
    return status('ready', { latencyMs, problem: address.model === null ? withoutModel().toInfo() : null });
  }

  return {
    id: options.id,
    kind: 'openai',
    label,
    // What the API carries; whether the model can is told by the server when it is asked.
    abilities: ['thinking', 'images', 'tools', 'format', 'embeddings'],
    lane: `openai:${host}`,
    concurrency: CONCURRENCY,
    modelFor,
    describe,
    goesOn: () => dialect.flavour !== null,
    async look(signal) {
      let begun: { asked: Asked; client: OpenAiClient } | null = null;
      let startedMs = performance.now();
      try {
        begun = await begin(signal);
        startedMs = performance.now();
        const { models, version } = await list(begun.client, begun.asked, signal);
        const latencyMs = performance.now() - startedMs;
        if (!(await mayTakeQuestions(begun.client, signal)))
          return status('unavailable', { version, latencyMs, models, problem: withoutChat().toInfo() });
        const problem = modelFor(null) === null ? withoutModel().toInfo() : null;
        return status('ready', { version, latencyMs, models, problem });
      } catch (error) {
        if (error instanceof Refused && begun !== null)
          return await statusOfRefused(error, begun, { latencyMs: performance.now() - startedMs, signal });
        return status('unavailable', { problem: toErrorInfo(error) });
      }
    },
    async models(signal): Promise<ModelInfo[]> {
      const { client, asked } = await begin(signal);
      const { models } = await list(client, asked, signal).catch(inWords(asked, null));
      return models;
    },
    async *chat(request, signal) {
      const deadline = createDeadline(signal);
      try {
        const { client, asked } = await begin(deadline.signal);
        if (modelFor(request.model) === null) await list(client, asked, deadline.signal).catch(inWords(asked, null));
        const model = modelFor(request.model);
        if (model === null) throw withoutModel();
        const loadingPollMs = options.loadingPollMs ?? 1_000;
        const parts = { client, asked, model, request, dialect, timeouts: timeouts(), loadingPollMs };
        try {
          yield* readAnswer(parts, deadline);
          isKnownToTakeQuestions = true;
        } catch (error) {
          if (hadLong(error, request)) throw await tooSlowOr(error, { client, asked, signal });
          if (!(error instanceof Refused)) throw error;
          const failure = failureOf(error.refusal, asked, model);
          throw failure.code === 'model_not_found'
            ? await unlessAborted(withInstalled(client, asked, failure), signal)
            : failure;
        }
      } catch (error) {
        if (signal.aborted) throw new HearthError('cancelled', {}, { cause: error });
        throw error;
      } finally {
        deadline.end();
      }
    },
    async embed(texts, { model: requested, signal }) {
      if (texts.length === 0) return [];
      const deadline = createDeadline(signal);
      try {
        const { client, asked } = await begin(deadline.signal);
        if (requested === null && found === null)
          await list(client, asked, deadline.signal).catch(inWords(asked, null));
        const model = requested ?? found?.embeddingModel ?? modelFor(null);
        if (model === null) throw withoutModel();
        // The model may have to be loaded for it.
        const { loadMs } = timeouts();
        const late = { backend: label, model, seconds: loadMs / 1000 };
        deadline.set(loadMs, () => new HearthError('backend_load_timeout', late));
        const value = await client.embeddings(model, texts, deadline.signal).catch(inWords(asked, model));
        return readVectors(value, texts.length) ?? fail(notAnEvent(JSON.stringify(value) ?? '', asked));
      } catch (error) {
        if (signal.aborted) throw new HearthError('cancelled', {}, { cause: error });
        throw error;
      } finally {
        deadline.end();
      }
    },
    stop() {
      fetch.close();
      return Promise.resolve();
    },
  };
}

/** Puts a refusal into words. */
function inWords(asked: Asked, model: string | null): (error: unknown) => never {
  return (error) => fail(error instanceof Refused ? failureOf(error.refusal, asked, model) : error);
}

function fail(error: unknown): never {
  throw error;
}
