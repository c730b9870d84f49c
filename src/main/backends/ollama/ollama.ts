// Ollama as a backend: an existing server, or one that Hearth starts when none answers on this computer.
import type { ModelInfo } from '../../../contract/backends.ts';
import type { BackendId } from '../../../contract/ids.ts';
import { HearthError } from '../../errors/index.ts';
import { OLLAMA_DEFAULT_HOST, type OllamaServer, type Place, type Places } from '../../ollama/index.ts';
import { createDeadline, type Deadline } from '../waiting/deadline.ts';
import type { Backend } from '../interface.ts';
import { printBackendUrl } from '../url/url.ts';
import { type AskOptions, createAsk } from './ask.ts';
import { embed } from './embed.ts';
import { createLook } from './look.ts';
import { chatModels, defaultModel, handedOnTo, listedName } from './models.ts';
import { leavesLastOpen } from './open-template.ts';

export interface OllamaBackendOptions extends Pick<
  AskOptions,
  'timeouts' | 'engine' | 'board' | 'loadingPollMs' | 'plans'
> {
  /** Where it answers. */
  places: Places;
  /** Starts an Ollama when none answers on this computer; null never starts one. Ended with the backend. */
  server: OllamaServer | null;
  /** The model for a request without one; null takes the one changed last of those that the server runs itself. */
  preferredModel: () => string | null;
  id: BackendId;
  label: string;
}

export function createOllamaBackend(options: OllamaBackendOptions): Backend {
  const { places, server, timeouts } = options;
  /** Ends with the backend: a start of our server belongs to nobody's question alone. */
  const life = new AbortController();
  /** The models of the last look; null before it. */
  let known: ModelInfo[] | null = null;

  const look = createLook({
    places,
    server,
    timeouts,
    life: life.signal,
    placeNow,
    describe: () => ({ url: describe(modelFor(null)).url, host: hostNow() }),
    onModels(models, place, listed) {
      known = models;
      options.plans?.noteList(place, listed);
      // The model that is asked next: its first question should not wait for its plan.
      const next = modelFor(null);
      if (next !== null) void options.plans?.plan(place, next);
    },
  });

  const ask = createAsk({
    ...options,
    life: life.signal,
    modelFor,
    known: () => known ?? [],
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
    const models = known ?? [];
    return listedName(requested ?? options.preferredModel(), models) ?? defaultModel(models);
  }

  function describe(model: string | null): { url: string; host: string | null } {
    const host = hostNow();
    return { url: printBackendUrl({ scheme: 'ollama', model, host }), host: handedOnTo(model, known ?? []) ?? host };
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
    look: (signal, depth = 'wake') => look(signal, depth),
    async models(signal) {
      const models = chatModels(await places.now().client.list(signal));
      known = models;
      return models;
    },
    modelFor,
    describe,
    async goesOn(requested, signal) {
      const model = modelFor(requested);
      if (model === null) return false;
      // Where the template can't be had, the question will tell what is wrong.
      const template = await placeNow()
        ?.client.template(model, signal)
        .catch(() => null);
      return typeof template === 'string' && leavesLastOpen(template);
    },
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
        : embed({ place: places.now(), texts, model, timeouts: timeouts(), engine: options.engine(), signal }),
    async stop() {
      life.abort(new HearthError('cancelled'));
      places.close();
      await server?.stop();
    },
  };
}

function isUnreachable(error: unknown): error is HearthError {
  return error instanceof HearthError && error.code === 'backend_unreachable';
}

function isCancelled(error: unknown): boolean {
  return error instanceof HearthError && error.code === 'cancelled';
}
