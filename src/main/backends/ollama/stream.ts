// One answer of /api/chat as events: limits by stage, loading told, the end of the stream judged.
import type { ChatRequest as OllamaChatRequest } from 'ollama';
import type { AnswerUsage } from '../../../contract/conversations.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { ByteSource } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import type { Deadline } from '../waiting/deadline.ts';
import type { ChatEvent, ChatMessage } from '../interface.ts';
import { wasPromptCut } from '../prompt-cut.ts';
import { byFirstBytes, inOneLine } from '../remote/first-bytes.ts';
import { drain } from '../remote/read-body.ts';
import {
  createLineSplitter,
  createStrays,
  looksLikePage,
  notARecord,
  OLLAMA_LABEL,
  type OllamaClient,
} from '../../ollama/index.ts';
import { tokensOf } from '../waiting/reading-time.ts';
import type { Reader } from './reader.ts';
import { type OllamaRecord, readRecord } from './records.ts';
import { beginWatch } from './watch.ts';

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
  /** On this computer. */
  isLocal: boolean;
  /** What is known of how this model reads. */
  reader: Reader;
  /** Called when the answer begins: the model is in memory. */
  onFirstRecord: () => void;
  /** Called when nobody waits any more, and the server reads the prompt to its end all the same. */
  onLeft: () => void;
}

/**
 * Asks and reads the answer.
 * @param deadline stands for the caller's signal; its limits are set here and ended by the caller
 */
export async function* readAnswer(options: AnswerOptions, deadline: Deadline): AsyncIterable<ChatEvent> {
  const { client, host, request, sent, reader } = options;
  const timeouts = limitsOf(options);
  const backend = OLLAMA_LABEL;
  const startedMs = performance.now();
  let firstTokenMs: number | null = null;
  const asked = client.chat(request, deadline.signal);
  const watch = beginWatch({ ...options, model: request.model, timeouts }, deadline);
  let body: ByteSource | null = null;
  let isComplete = false;
  let last: Extract<OllamaRecord, { isDone: true }> | null = null;
  let hasFailed = false;
  let hasBegun = false;
  try {
    const first = await byFirstBytes(yield* watch.until(asked));
    body = first.form === 'object' ? await inOneLine(first.body) : first.body;
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
          hasBegun = true;
          reader.free();
          options.onFirstRecord();
          const late = { backend, host, seconds: timeouts.silenceMs / 1000 };
          deadline.set(timeouts.silenceMs, () => new HearthError('backend_silent', late));
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
      // Before the first record only a sign of life counts.
      if (hasBegun) deadline.refresh();
    }
    if (last !== null) {
      isComplete = true;
      const { promptTokens } = last.counts;
      if (promptTokens !== null && last.readMs !== null) reader.learn(promptTokens, last.readMs);
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
    throw new HearthError(hasBegun ? 'stream_cut' : 'backend_empty', { backend, host });
  } catch (error) {
    deadline.signal.throwIfAborted();
    hasFailed = true;
    if (error instanceof HearthError) throw error;
    // The connection broke: after a record the answer is cut, before it there is none.
    throw new HearthError(hasBegun ? 'stream_cut' : 'backend_empty', { backend, host }, { cause: error });
  } finally {
    const readForMs = watch.readForMs();
    watch.stop();
    // A whole answer leaves a connection that can be used again; anything else ends it, and with it the work of the server.
    if (isComplete && body !== null) void drain(body);
    else deadline.abandon();
    // Nobody waits for it when the caller left while the model was loading.
    asked.catch(() => undefined);
    // What waits behind another question is dropped by the server; what it reads it reads to the end. A whole answer may be
    // half written by now, and what writes ends.
    const mayRead = !hasFailed && !isComplete && !hasBegun && request.stream !== false;
    const isReadOn = mayRead && readForMs !== null && reader.restMs() === 0;
    if (isReadOn) {
      reader.leave(tokensOf(sent), readForMs);
      options.onLeft();
    }
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
