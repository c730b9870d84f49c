// One question to an Ollama that answers: its model, with or without thinking, what is told beside it, and what is there instead.
import type { ModelInfo } from '../../../contract/backends.ts';
import type { Settings } from '../../../contract/settings.ts';
import { HearthError } from '../../errors/index.ts';
import type { ContextPlans } from '../../models/index.ts';
import { type ActivityBoard, modelOptions, OLLAMA_LABEL, type Place } from '../../ollama/index.ts';
import { createDeadline, type Deadline } from '../waiting/deadline.ts';
import { askedWaitMs, createShortWaits } from '../waiting/short-waits.ts';
import type { ChatEvent, ChatRequest } from '../interface.ts';
import { createContexts, loadedWith } from './context.ts';
import { chatModels } from './models.ts';
import { createReader, type Reader } from './reader.ts';
import { isQuestionTooLong, questionTooLong } from './too-long.ts';
import { chatBody } from './request.ts';
import { type ContextRefusal, readContextRefusal } from '../context-refusal.ts';
import { mostTokens } from '../prompt-cut.ts';
import { refusesSystemRole, withSystemInQuestion } from '../system-role.ts';
import { readAnswer } from './stream.ts';

export interface AskOptions {
  timeouts: () => Settings['timeouts'];
  /** Of every question to a server on this computer. */
  engine: () => Pick<Settings['engine'], 'threads' | 'gpuLayers'>;
  /** Told what is asked of it; null for servers that the engine's status is not about. */
  board: ActivityBoard | null;
  /** How much context models on this computer get; without it the server decides. */
  plans?: ContextPlans | null;
  /** How often a model that does not answer yet is looked for in memory. Default 1 s. */
  loadingPollMs?: number;
  /** Of the backend. */
  life: AbortSignal;
  /** The model that is asked; null while none is known. */
  modelFor: (requested: string | null) => string | null;
  /** The models of the last look. */
  known: () => readonly ModelInfo[];
  onModels: (models: ModelInfo[]) => void;
}

/** Ollama keeps a model for five minutes after an answer, unless memory is short. */
const LOADED_FOR_MS = 240_000;
/** A model that has just answered begins before this; a look beside its request would only cost it time. */
const WARM_LOOK_MS = 100;
/** What is over sooner is not worth reading a model from disk again. */
const UNLOAD_FROM_MS = 5_000;

/**
 * @returns asks at a place; rejects as the client does, with `model_not_found` that names what is installed, or with
 * `no_model_installed`. `begin` ends the limit before and gives the one of the next request
 */
export function createAsk({
  timeouts,
  engine,
  board,
  plans = null,
  loadingPollMs = 1_000,
  life,
  modelFor,
  known,
  onModels,
}: AskOptions): (place: Place, request: ChatRequest, begin: () => Deadline) => AsyncIterable<ChatEvent> {
  const contexts = createContexts(plans);
  /** By host and model: when it answered last. */
  const answeredAtMs = new Map<string, number>();
  /** By host and model: how fast it reads, and what it still reads. */
  const readers = new Map<string, Reader>();
  /** By host and model: those that answered that they can't think. */
  const unthinking = new Set<string>();
  /** By host and model: those that take no system message. */
  const withoutSystem = new Set<string>();

  async function* ask(place: Place, request: ChatRequest, begin: () => Deadline): AsyncIterable<ChatEvent> {
    let deadline = begin();
    let model = modelFor(request.model);
    if (model === null) {
      onModels(chatModels(await place.client.list(deadline.signal)));
      model = modelFor(null);
    }
    if (model === null) throw new HearthError('no_model_installed', { backend: OLLAMA_LABEL });
    const key = `${place.host} ${model}`;
    const waits = createShortWaits(model);
    let isCutAllowed = false;
    for (;;) {
      const wording = wordedFor(key, request);
      let hasSpoken = false;
      try {
        for await (const event of askModel({ place, model, isCutAllowed }, wording, deadline)) {
          hasSpoken ||= event.type !== 'loading' && event.type !== 'reading';
          yield event;
        }
        return;
      } catch (error) {
        const refusal: ContextRefusal | null = isCutAllowed ? null : readContextRefusal(saidIn(error));
        const isTooLong: boolean = refusal !== null;
        if (hasSpoken) throw error;
        const isWait = askedWaitMs(error) !== null;
        if (!isWait && !isTooLong && !learnFrom(key, wording, error)) throw error;
        if (refusal !== null) {
          const set: number | null =
            refusal.setTokens ?? ((await loadedWith(place, model)) || plans?.planned(place, model) || null);
          const { messages } = wording;
          // Ollama would read the end of the question alone.
          if (isQuestionTooLong(messages, set))
            throw questionTooLong({ place, model, messages, plans, refusal: { ...refusal, setTokens: set } }, error);
        }
        isCutAllowed ||= isTooLong;
        deadline = begin();
        if (isWait) yield* waits.through(error, deadline.signal);
      }
    }
  }

  function readerOf(key: string): Reader {
    let reader = readers.get(key);
    if (!reader) readers.set(key, (reader = createReader(() => performance.now())));
    return reader;
  }

  /** Hearth's own Ollama ends a runner that reads on for nobody, where reading the model anew is sooner done. */
  async function freeOwn(place: Place, model: string, reader: Reader): Promise<void> {
    if (!place.isOwned || reader.restMs() < UNLOAD_FROM_MS) return;
    try {
      await place.client.unload(model, life);
      reader.free();
    } catch {
      // Then it reads on, as it would have done.
    }
  }

  /** The request as the model takes it, as far as that is known. */
  function wordedFor(key: string, { think, messages, ...others }: ChatRequest): Omit<ChatRequest, 'model'> {
    const isThinkSent = think !== undefined && (think === false || !unthinking.has(key));
    return {
      ...others,
      messages: withoutSystem.has(key) ? withSystemInQuestion(messages) : messages,
      ...(isThinkSent ? { think } : {}),
    };
  }

  /** Remembers what the model refuses. @returns whether the question is worth asking in other words; once for each thing */
  function learnFrom(key: string, { think, messages }: Omit<ChatRequest, 'model'>, error: unknown): boolean {
    const said = saidIn(error);
    if (think && CANNOT_THINK.test(said)) {
      unthinking.add(key);
      return true;
    }
    if (!messages.some(({ role }) => role === 'system') || !refusesSystemRole(said)) return false;
    withoutSystem.add(key);
    return true;
  }

  async function* askModel(
    { place, model, isCutAllowed }: { place: Place; model: string; isCutAllowed: boolean },
    request: Omit<ChatRequest, 'model'>,
    deadline: Deadline,
  ): AsyncIterable<ChatEvent> {
    const activity = board?.begin(model);
    try {
      const { client, host } = place;
      const key = `${host} ${model}`;
      const isProbablyLoaded = performance.now() - (answeredAtMs.get(key) ?? -Infinity) < LOADED_FOR_MS;
      const look = { delayMs: isProbablyLoaded ? WARM_LOOK_MS : 0, pollMs: loadingPollMs };
      const context = await contexts.of({ place, model, isWarm: isProbablyLoaded });
      const answer = readAnswer(
        {
          client,
          host,
          request: {
            ...chatBody(model, request, modelOptions(place, engine(), context)),
            // Else it would leave out what does not fit without a word. What fits for certain needs no such word.
            ...(isCutAllowed || mostTokens(request.messages) <= (context ?? LEAST_CONTEXT_TOKENS)
              ? {}
              : { truncate: false }),
          },
          sent: request.messages,
          contextTokens: context,
          timeouts: timeouts(),
          look,
          isLocal: place.isLocal,
          reader: readerOf(key),
          onLeft: () => void freeOwn(place, model, readerOf(key)),
          onFirstRecord() {
            answeredAtMs.set(key, performance.now());
            activity?.answering();
          },
        },
        deadline,
      );
      for await (const event of answer) {
        if (event.type === 'loading') activity?.loading();
        yield event.type === 'done' ? await withCut(event, { place, model, context, isCut: isCutAllowed }) : event;
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
    const deadline = createDeadline(life);
    deadline.set(timeouts().connectMs, () => error);
    try {
      onModels(chatModels(await place.client.list(deadline.signal)));
    } catch {
      // The list of the last look has to do: the model that is not there is what matters.
    } finally {
      deadline.end();
    }
    const installed = known()
      .map((one) => one.name)
      .join(', ');
    if (installed === '') return new HearthError('no_model_installed', { backend: OLLAMA_LABEL });
    return new HearthError('model_not_found', { backend: OLLAMA_LABEL, model, installed }, { cause: error });
  }

  return ask;
}

/** Nobody gives a model less that is to chat. */
const LEAST_CONTEXT_TOKENS = 256;

interface CutQuestion {
  place: Place;
  model: string;
  /** What was asked for; null left it to the server. */
  context: number | null;
  /** The server has refused to read all of it. */
  isCut: boolean;
}

/** Says of an answer whose prompt was cut what the model can hold. Only then it is looked for. */
async function withCut(done: DoneEvent, { place, model, context, isCut }: CutQuestion): Promise<DoneEvent> {
  const isFull = context !== null && (done.usage.promptTokens ?? 0) >= context;
  if (!isCut && !isFull && !done.usage.wasPromptCut) return done;
  const contextTokens = (await loadedWith(place, model)) || context;
  return {
    ...done,
    usage: { ...done.usage, wasPromptCut: true, ...(contextTokens === null ? {} : { contextTokens }) },
  };
}

type DoneEvent = Extract<ChatEvent, { type: 'done' }>;

/** To think is a wish: a model that can't answers without. Ollama refuses before the first token. */
const CANNOT_THINK = /does not support thinking/;

/** What the server gave as its reason; empty where the failure is another one. */
function saidIn(error: unknown): string {
  const isReason =
    error instanceof HearthError && (error.code === 'backend_failed' || error.code === 'request_refused');
  return isReason ? String(error.toInfo().params.reason) : '';
}
