// One answer of /api/chat as events: limits by stage, loading told, the end of the stream judged.
import type { ChatRequest as OllamaChatRequest } from 'ollama';
import type { AnswerUsage } from '../../../contract/conversations.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { ByteSource } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { createDeadline, type Deadline } from '../waiting/deadline.ts';
import type { ChatEvent, ChatMessage } from '../interface.ts';
import { wasPromptCut } from '../prompt-cut.ts';
import { drain } from '../remote/read-body.ts';
import {
  createLineSplitter,
  createStrays,
  looksLikePage,
  notARecord,
  OLLAMA_LABEL,
  type OllamaClient,
} from '../../ollama/index.ts';
import { watchLoading } from './loading.ts';
import { type OllamaRecord, readRecord } from './records.ts';

export interface AnswerOptions {
  client: OllamaClient;
  host: string;
  request: OllamaChatRequest;
  /** What the request holds, to judge whether all of it was read. */
  sent: readonly ChatMessage[];
  /** What it asks for; null leaves it to the server. */
  contextTokens: number | null;
  timeouts: Settings['timeouts'];
  /** When a model that does not answer yet is looked for in memory first, and how often then. */
  look: { delayMs: number; pollMs: number };
  /** Called when the answer begins: the model is in memory. */
  onFirstRecord: () => void;
}

/**
 * Asks and reads the answer.
 * @param deadline stands for the caller's signal; its limits are set here and ended by the caller
 */
export async function* readAnswer(options: AnswerOptions, deadline: Deadline): AsyncIterable<ChatEvent> {
  const { client, host, request } = options;
  const timeouts = limitsOf(options);
  const backend = OLLAMA_LABEL;
  const startedMs = performance.now();
  let firstTokenMs: number | null = null;
  deadline.set(timeouts.firstTokenMs, () => tooLate('backend_first_token_timeout', timeouts.firstTokenMs));
  const asked = client.chat(request, deadline.signal);
  const watch = beginWatch({ ...options, timeouts }, deadline, startedMs);
  let body: ByteSource | null = null;
  let isComplete = false;
  let last: Extract<OllamaRecord, { isDone: true }> | null = null;
  try {
    if ((await Promise.race([asked, watch.isLoading])) === 'loading') yield { type: 'loading', model: request.model };
    body = await asked;
    const splitter = createLineSplitter();
    const strays = createStrays({ failure: (said) => notARecord(said, host), isPage: looksLikePage });
    for (let isEnd = false; !isEnd;) {
      const piece = await body.read();
      isEnd = piece === null;
      const lines = piece === null ? [splitter.rest()] : splitter.push(piece);
      if (lines === null) throw notARecord('a line without end', host);
      for (const line of lines) {
        const record = line.trim() === '' ? null : readRecord(line, host);
        if (record === null) {
          strays.take(line);
          continue;
        }
        strays.known();
        if (watch.stop()) {
          options.onFirstRecord();
          deadline.set(timeouts.silenceMs, () => tooLate('backend_silent', timeouts.silenceMs));
        }
        if (record.thinking !== '' || record.text !== '' || record.toolCalls)
          firstTokenMs ??= performance.now() - startedMs;
        if (record.thinking !== '') yield { type: 'thinking', text: record.thinking };
        if (record.text !== '') yield { type: 'text', text: record.text };
        for (const call of record.toolCalls ?? []) yield { type: 'tool-call', call };
        last = record.isDone ? record : null;
        if (!record.isDone || record.isOnlyLoad) continue;
        isEnd = true;
        break;
      }
      deadline.refresh();
    }
    if (last !== null) {
      isComplete = true;
      const totalMs = performance.now() - startedMs;
      const usage = { ...last.counts, firstTokenMs, totalMs };
      const unread = wasPromptCut(options.sent, usage.promptTokens, options.contextTokens)
        ? { wasPromptCut: true as const }
        : {};
      const full = last.reason === 'length' ? fullContext(request, usage) : {};
      yield { type: 'done', reason: last.reason, usage: { ...usage, ...unread, ...full } };
      return;
    }
    strays.end();
    throw new HearthError(watch.isStopped() ? 'stream_cut' : 'backend_empty', { backend, host });
  } catch (error) {
    deadline.signal.throwIfAborted();
    if (error instanceof HearthError) throw error;
    // The connection broke: after a record the answer is cut, before it there is none.
    throw new HearthError(watch.isStopped() ? 'stream_cut' : 'backend_empty', { backend, host }, { cause: error });
  } finally {
    watch.stop();
    // A whole answer leaves a connection that can be used again; anything else ends it, and with it the work of the server.
    if (isComplete && body !== null) void drain(body);
    else deadline.abandon();
    // Nobody waits for it when the caller left while the model was loading.
    asked.catch(() => undefined);
  }

  function tooLate(code: 'backend_first_token_timeout' | 'backend_silent', limitMs: number): HearthError {
    return new HearthError(code, { backend, host, seconds: limitMs / 1000 });
  }
}

/** Whether an answer was cut because the context that was asked for is full, not because it is as long as it may be. */
function fullContext(
  { options }: OllamaChatRequest,
  { promptTokens, answerTokens }: Pick<AnswerUsage, 'promptTokens' | 'answerTokens'>,
): Pick<AnswerUsage, 'cut'> {
  const limitTokens = options?.num_ctx;
  if (limitTokens === undefined || promptTokens === null || answerTokens === null) return {};
  // The runner keeps a place or two for itself.
  const isFull = promptTokens + answerTokens >= limitTokens - 2;
  return isFull ? { cut: { why: 'context', limitTokens } } : {};
}

/** A whole answer is silent until it is written: it gets the time of a load. */
function limitsOf({ request, timeouts }: AnswerOptions): Settings['timeouts'] {
  if (request.stream !== false) return timeouts;
  return { ...timeouts, firstTokenMs: Math.max(timeouts.firstTokenMs, timeouts.loadMs) };
}

interface Watch {
  /** Resolves when the model is found to be loading; never otherwise. */
  isLoading: Promise<'loading'>;
  /** Ends the watch; true the first time. */
  stop(): boolean;
  isStopped(): boolean;
}

/** Watches the load beside the request, and exchanges the limit while it lasts. */
function beginWatch({ client, request, timeouts, look }: AnswerOptions, deadline: Deadline, startedMs: number): Watch {
  const ended = new AbortController();
  // With a reason of its own none is made, which would take a stack.
  const stop = () => ended.abort('ended');
  deadline.signal.addEventListener('abort', stop, { once: true });
  const { model } = request;
  const backend = OLLAMA_LABEL;
  const isLoading = new Promise<'loading'>((resolve) => {
    let wasLoading = false;
    const onState = (state: 'loading' | 'loaded'): void => {
      if (state === 'loading') {
        wasLoading = true;
        const seconds = timeouts.loadMs / 1000;
        const restMs = timeouts.loadMs - (performance.now() - startedMs);
        deadline.set(restMs, () => new HearthError('backend_load_timeout', { backend, model, seconds }));
        resolve('loading');
      } else if (wasLoading) {
        const seconds = timeouts.firstTokenMs / 1000;
        const late = () => new HearthError('backend_first_token_timeout', { backend, seconds });
        deadline.set(timeouts.firstTokenMs, late);
      }
    };
    // A look that is under way when the answer begins is let end: breaking it off would cost a connection each time.
    const loaded = async () => {
      const limit = createDeadline(deadline.signal);
      limit.set(timeouts.connectMs, () => new HearthError('cancelled'));
      return await client.loaded(limit.signal).finally(() => limit.end());
    };
    void watchLoading({ loaded, model, ...look, onState }, ended.signal);
  });
  return {
    isLoading,
    stop() {
      if (ended.signal.aborted) return false;
      deadline.signal.removeEventListener('abort', stop);
      stop();
      return true;
    },
    isStopped: () => ended.signal.aborted,
  };
}
