// Ollama as a backend: an existing server, or one that Hearth starts when none answers on this computer.
import type { ModelInfo } from '../../../contract/backends.ts';
import type { BackendId } from '../../../contract/ids.ts';
import type { Settings } from '../../../contract/settings.ts';
import { HearthError } from '../../errors/index.ts';
import {
  type ActivityBoard,
  modelOptions,
  OLLAMA_DEFAULT_HOST,
  OLLAMA_LABEL,
  type OllamaServer,
  type Place,
  type Places,
} from '../../ollama/index.ts';
import { createDeadline, type Deadline } from '../deadline.ts';
import type { Backend, ChatEvent, ChatRequest } from '../interface.ts';
import { printBackendUrl } from '../url.ts';
import { embed } from './embed.ts';
import { createLook } from './look.ts';
import { chatModels } from './models.ts';
import { chatBody } from './request.ts';
import { readAnswer } from './stream.ts';

export interface OllamaBackendOptions {
  /** Where it answers. */
  places: Places;
  /** Starts an Ollama when none answers on this computer; null never starts one. Ended with the backend. */
  server: OllamaServer | null;
  /** The model for a request without one; null takes the one changed last on the server. */
  preferredModel: () => string | null;
  timeouts: () => Settings['timeouts'];
  /** Of every question to a server on this computer. */
  engine: () => Pick<Settings['engine'], 'threads' | 'gpuLayers'>;
  /** Told what is asked of it; null for servers that the engine's status is not about. */
  board: ActivityBoard | null;
  id: BackendId;
  label: string;
  /** How often a model that does not answer yet is looked for in memory. Default 1 s. */
  loadingPollMs?: number;
}

/** Ollama keeps a model for five minutes after an answer, unless memory is short. */
const LOADED_FOR_MS = 240_000;
/** A model that has just answered begins before this; a look beside its request would only cost it time. */
const WARM_LOOK_MS = 100;

export function createOllamaBackend(options: OllamaBackendOptions): Backend {
  const { places, server, timeouts } = options;
  /** Ends with the backend: a start of our server belongs to nobody's question alone. */
  const life = new AbortController();
  /** By host and model: when it answered last. */
  const answeredAtMs = new Map<string, number>();
  /** By host and model: those that answered that they can't think. */
  const unthinking = new Set<string>();
  /** The models of the last look; null before it. */
  let known: ModelInfo[] | null = null;

  const check = createLook({
    places,
    server,
    timeouts,
    life: life.signal,
    placeNow,
    describe: () => describe(modelFor(null)),
    onModels: (models) => (known = models),
  });

  function placeNow(): Place | null {
    try {
      return places.now();
    } catch {
      // The address can't be read: told by the look and by the question.
      return null;
    }
  }

  function laneHost(): string {
    try {
      return places.laneHost();
    } catch {
      // As above.
      return OLLAMA_DEFAULT_HOST;
    }
  }

  /** The host that answers now, or the one that is looked for; our own server has none before it runs. */
  function hostNow(): string | null {
    return placeNow()?.host ?? (places.isOwnOnly() ? null : OLLAMA_DEFAULT_HOST);
  }

  function modelFor(requested: string | null): string | null {
    return requested ?? options.preferredModel() ?? known?.[0]?.name ?? null;
  }

  function describe(model: string | null): { url: string; host: string | null } {
    const host = hostNow();
    return { url: printBackendUrl({ scheme: 'ollama', model, host }), host };
  }

  /** @param begin ends the limit before and gives the one of the next request */
  async function* ask(place: Place, request: ChatRequest, begin: () => Deadline): AsyncIterable<ChatEvent> {
    let deadline = begin();
    let model = modelFor(request.model);
    if (model === null) {
      known = chatModels(await place.client.list(deadline.signal));
      model = modelFor(null);
    }
    if (model === null) throw new HearthError('no_model_installed', { backend: OLLAMA_LABEL });
    const key = `${place.host} ${model}`;
    const { think, ...unthought } = request;
    if (think && !unthinking.has(key)) {
      try {
        yield* askModel(place, model, request, deadline);
        return;
      } catch (error) {
        if (!saysItCannotThink(error)) throw error;
        unthinking.add(key);
        deadline = begin();
      }
    }
    yield* askModel(place, model, think === false ? request : unthought, deadline);
  }

  async function* askModel(
    place: Place,
    model: string,
    request: Omit<ChatRequest, 'model'>,
    deadline: Deadline,
  ): AsyncIterable<ChatEvent> {
    const activity = options.board?.begin(model);
    try {
      const { client, host } = place;
      const key = `${host} ${model}`;
      const isProbablyLoaded = performance.now() - (answeredAtMs.get(key) ?? -Infinity) < LOADED_FOR_MS;
      const look = { delayMs: isProbablyLoaded ? WARM_LOOK_MS : 0, pollMs: options.loadingPollMs ?? 1_000 };
      const answer = readAnswer(
        {
          client,
          host,
          request: chatBody(model, request, place.isLocal ? modelOptions(options.engine()) : {}),
          sent: request.messages,
          timeouts: timeouts(),
          look,
          onFirstRecord() {
            answeredAtMs.set(key, performance.now());
            activity?.answering();
          },
        },
        deadline,
      );
      for await (const event of answer) {
        if (event.type === 'loading') activity?.loading();
        yield event;
      }
    } catch (error) {
      if (error instanceof HearthError && error.code === 'model_not_found')
        throw await withInstalled(place, model, error);
      throw error;
    } finally {
      activity?.end();
    }
  }

  /** Names what is there instead. */
  async function withInstalled(place: Place, model: string, error: HearthError): Promise<HearthError> {
    const deadline = createDeadline(life.signal);
    deadline.set(timeouts().connectMs, () => error);
    try {
      known = chatModels(await place.client.list(deadline.signal));
    } catch {
      // The list of the last look has to do: the model that is not there is what matters.
    } finally {
      deadline.end();
    }
    const installed = (known ?? []).map((one) => one.name).join(', ');
    if (installed === '') return new HearthError('no_model_installed', { backend: OLLAMA_LABEL });
    return new HearthError('model_not_found', { backend: OLLAMA_LABEL, model, installed }, { cause: error });
  }

  return {
    id: options.id,
    kind: 'ollama',
    label: options.label,
    abilities: ['thinking', 'images', 'tools', 'format', 'embeddings'],
    get lane() {
      return `ollama:${laneHost()}`;
    },
    // What a server does at once by default; more would wait there, unseen. Of our own it is known.
    get concurrency() {
      const child = server?.state();
      return child?.state === 'ready' && placeNow()?.isOwned === true ? child.parallel : 1;
    },
    check: (signal, depth = 'wake') => check(signal, depth),
    async models(signal) {
      const models = chatModels(await places.now().client.list(signal));
      known = models;
      return models;
    },
    modelFor,
    describe,
    async *chat(request, signal) {
      let deadline: Deadline | null = null;
      const begin = (): Deadline => {
        deadline?.end();
        return (deadline = createDeadline(signal));
      };
      let hasBegun = false;
      let wasHeld = places.isHeld();
      // A question that was there before the user's stop does not undo it.
      const isStopped = () => places.isHeld() && !wasHeld;
      try {
        try {
          for await (const event of ask(places.now(), request, begin)) {
            hasBegun = true;
            yield event;
          }
        } catch (error) {
          if (!isUnreachable(error) || hasBegun || isStopped()) throw error;
          if (!places.mayStart('question')) throw places.explain(error);
          const starting = places.start(signal);
          wasHeld = false;
          yield* ask(await starting, request, begin);
        }
      } catch (error) {
        if (signal.aborted) throw new HearthError('cancelled', {}, { cause: error });
        // A start that a stop has ended says `cancelled`, but it was not the question that was.
        throw isStopped() && (isUnreachable(error) || isCancelled(error))
          ? new HearthError('ollama_held', {}, { cause: error })
          : error;
      } finally {
        (deadline as Deadline | null)?.end();
      }
    },
    embed: (texts, { model, signal }) =>
      texts.length === 0
        ? Promise.resolve([])
        : embed({ place: places.now(), texts, model, timeouts: timeouts(), signal }),
    async stop() {
      life.abort(new HearthError('cancelled'));
      places.close();
      await server?.stop();
    },
  };
}

/** To think is a wish: a model that can't answers without. Ollama refuses before the first token. */
function saysItCannotThink(error: unknown): boolean {
  return (
    error instanceof HearthError &&
    error.code === 'backend_failed' &&
    /does not support thinking/.test(String(error.toInfo().params.reason))
  );
}

function isUnreachable(error: unknown): error is HearthError {
  return error instanceof HearthError && error.code === 'backend_unreachable';
}

function isCancelled(error: unknown): boolean {
  return error instanceof HearthError && error.code === 'cancelled';
}
