// One answer of /chat/completions as events: limits by stage, the wording the server takes, the end of the answer judged.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions/completions';
import type { ByteSource } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { createStrays, errorSaid, isBrokenPiece, looksLikePage } from '../../ollama/index.ts';
import type { Asked } from '../remote/asked.ts';
import type { Deadline } from '../waiting/deadline.ts';
import { createShortWaits, SHORT_WAIT_MS } from '../waiting/short-waits.ts';
import type { ChatEvent, ChatRequest, Limits } from '../interface.ts';
import { slowMs, tokensOf } from '../waiting/reading-time.ts';
import { byFirstBytes } from '../remote/first-bytes.ts';
import { drain, readText } from '../remote/read-body.ts';
import { createAnswer } from './answer.ts';
import { isChunk } from './chunks.ts';
import type { OpenAiClient } from './client.ts';
import { type Dialect, learnFrom, remember, type Sent } from './dialect.ts';
import { createEventReader } from './events.ts';
import { failureInStream, failureOf, isLoading, notAnEvent, refusalInStream, Refused } from './failures.ts';
import { chatBody } from './request.ts';

export interface AnswerOptions {
  client: OpenAiClient;
  asked: Asked;
  model: string;
  request: ChatRequest;
  /** What is known of the server; what is learned here is written into it. */
  dialect: Dialect;
  timeouts: Limits;
  /** Between two questions to a server that says it is loading the model. */
  loadingPollMs: number;
}

/** A whole answer in one piece; more is no answer. */
const WHOLE_MAX_BYTES = 16 * 1024 * 1024;
/** What may still come after the reason of the end: the counts and `[DONE]`. */
const TAIL_LIMIT_MS = 1_500;

type Opened = { sent: Sent } & (
  | { type: 'whole'; value: unknown }
  | { type: 'stream'; contentType: string | null; body: ByteSource }
);

/**
 * Asks and reads the answer. Throws `Refused` for what the caller puts into words, else a HearthError.
 * @param deadline stands for the caller's signal; its limits are set here and ended by the caller
 */
export async function* readAnswer(options: AnswerOptions, deadline: Deadline): AsyncIterable<ChatEvent> {
  const { asked } = options;
  const startedMs = performance.now();
  const answer = createAnswer({ asked, sent: options.request.messages, startedMs });
  /** How this question is worded: what it learns counts for others only when it was answered. */
  const attempt = { ...options.dialect };
  let body: ByteSource | null = null;
  let isComplete = false;
  try {
    while (!isComplete) {
      const opened = yield* open(options, { attempt, startedMs }, deadline);
      if (opened.type === 'stream') ({ body } = opened);
      try {
        if (opened.type === 'whole') yield* answer.whole(opened.value);
        else {
          const first = await byFirstBytes(opened.body);
          // What it is counts more than what it is called.
          const isWhole = first.form === 'object' || (first.form !== 'events' && isJson(opened.contentType));
          if (isWhole) yield* answer.whole(await readWhole(first.body, asked));
          else yield* readStream(first.body, options, deadline, answer);
        }
        isComplete = true;
      } catch (error) {
        // Some servers refuse with the first record of an answer that had begun well.
        if (!(error instanceof Refused) || !learnFrom(attempt, error.refusal, opened.sent)) throw error;
        if (body !== null) void drain(body);
      }
    }
  } catch (error) {
    deadline.signal.throwIfAborted();
    if (error instanceof HearthError || error instanceof Refused) throw error;
    // The connection broke: after a record the answer is cut, before it there is none.
    const { backend, host } = asked;
    throw new HearthError(answer.hasBegun() ? 'stream_cut' : 'backend_empty', { backend, host }, { cause: error });
  } finally {
    // A whole answer leaves a connection that can be used again; anything else ends it, and with it the work of the server.
    if (!isComplete) deadline.abandon();
    else if (body !== null) void drain(body);
  }
}

/** Asks until there is an answer: again in other words after a refusal that may be about them, again while a model loads. */
async function* open(
  options: AnswerOptions,
  { attempt, startedMs }: { attempt: Dialect; startedMs: number },
  deadline: Deadline,
): AsyncGenerator<ChatEvent, Opened> {
  const { client, model, request, dialect, asked } = options;
  const limits = limitsOf(options);
  const setLimit = (moreMs = 0) =>
    deadline.set(limits.firstTokenMs + moreMs, () => tooLate(asked, limits.firstTokenMs + moreMs));
  const waits = createShortWaits(model);
  let wasLoading = false;
  setLimit();
  for (;;) {
    const body = chatBody(model, request, attempt);
    try {
      if (request.delivery === 'whole') {
        const value = await client.whole(body as ChatCompletionCreateParamsNonStreaming, deadline.signal);
        remember(dialect, attempt, body);
        return { type: 'whole', value, sent: body };
      }
      const answered = await client.stream(body, deadline.signal);
      remember(dialect, attempt, body);
      if (wasLoading) setLimit();
      return { type: 'stream', ...answered, sent: body };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (isLoading(error.refusal)) {
        if (!wasLoading) {
          wasLoading = true;
          const restMs = limits.loadMs - (performance.now() - startedMs);
          const late = { backend: asked.backend, model, seconds: limits.loadMs / 1000 };
          deadline.set(restMs, () => new HearthError('backend_load_timeout', late));
          yield { type: 'loading', model };
        }
        await sleep(options.loadingPollMs, undefined, { signal: deadline.signal });
      } else if (error.refusal.waitMs !== null) {
        setLimit(SHORT_WAIT_MS);
        yield* waits.through(failureOf(error.refusal, asked, model), deadline.signal);
        setLimit();
      } else if (!learnFrom(attempt, error.refusal, body)) throw error;
    }
  }
}

async function* readStream(
  body: ByteSource,
  { asked, timeouts }: AnswerOptions,
  deadline: Deadline,
  answer: ReturnType<typeof createAnswer>,
): AsyncIterable<ChatEvent> {
  const reader = createEventReader();
  const strays = createStrays({ failure: (said) => notAnEvent(said, asked), isPage: looksLikePage });
  const { backend, host } = asked;
  let isTimed = false;
  let isShort = false;
  const over = new HearthError('stream_cut', { backend });
  const late = { backend, host, seconds: timeouts.silenceMs / 1000 };
  const setSilence = () =>
    deadline.set(timeouts.silenceMs, () => (answer.isOver() ? over : new HearthError('backend_silent', late)));
  const read = () =>
    body.read().catch((error: unknown) => {
      // What was to be said has been said: how the connection ends changes nothing, unless the caller wants no more.
      if (answer.isOver() && (!deadline.signal.aborted || deadline.signal.reason === over)) return null;
      throw error;
    });
  for (let isEnd = false; !isEnd;) {
    const piece = await read();
    isEnd = piece === null;
    for (const item of piece === null ? reader.rest() : reader.push(piece)) {
      if (item.type === 'stray') {
        if (item.isEndless || isBrokenPiece(item.said)) throw notAnEvent(item.said, asked);
        strays.take(item.said);
        continue;
      }
      if (item.type === 'end') {
        strays.end();
        answer.sayEnd();
        return yield* answer.end();
      }
      if (item.event === 'error' || errorSaid(item.value) !== null) {
        if (!answer.hasSpoken()) throw new Refused(refusalInStream(item.value));
        throw failureInStream(item.value, asked);
      }
      if (!isChunk(item.value)) {
        strays.take(JSON.stringify(item.value));
        continue;
      }
      strays.known();
      yield* answer.take(item.value);
      // Only while nothing comes after the reason: a word takes the short limit back.
      if (isShort ? !answer.isSurelyOver() : !isTimed && answer.hasSpoken()) {
        isTimed = true;
        isShort = false;
        setSilence();
      }
      if (!isShort && answer.isSurelyOver()) {
        isShort = true;
        deadline.set(TAIL_LIMIT_MS, () => over);
      }
    }
    // Before the first word the limit stands: servers send empty records while the prompt is read.
    if (isTimed && !isShort) deadline.refresh();
  }
  if (answer.isFinished()) return yield* answer.end();
  strays.end();
  throw new HearthError(answer.hasBegun() ? 'stream_cut' : 'backend_empty', { backend, host });
}

/** A server that does not stream answers a request for a stream like this. */
async function readWhole(body: ByteSource, asked: Asked): Promise<unknown> {
  const { text, isWhole } = await readText(body, WHOLE_MAX_BYTES);
  const { backend, host } = asked;
  if (text.trim() === '') throw new HearthError('backend_empty', { backend, host });
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!isWhole) throw notAnEvent('an answer without end', asked);
    throw /^\s*\{/.test(text)
      ? new HearthError('stream_cut', { backend, host }, { cause: error })
      : notAnEvent(text, asked);
  }
}

/**
 * These servers tell nothing while they read: a long prompt gets the time that a slow computer takes for it. A whole answer is
 * silent until it is written: it gets the time of a load.
 */
function limitsOf({ request, timeouts }: AnswerOptions): Limits {
  if (request.delivery !== 'whole') {
    return { ...timeouts, firstTokenMs: Math.max(timeouts.firstTokenMs, slowMs(tokensOf(request.messages))) };
  }
  return { ...timeouts, firstTokenMs: Math.max(timeouts.firstTokenMs, timeouts.loadMs) };
}

function tooLate({ backend, host }: Asked, limitMs: number): HearthError {
  return new HearthError('backend_first_token_timeout', { backend, host, seconds: limitMs / 1000 });
}

function isJson(contentType: string | null): boolean {
  return /^application\/(?:\S+\+)?json\b/i.test(contentType ?? '');
}
