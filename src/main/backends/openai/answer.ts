// An answer while it is put together from its records: what has been said, what was counted, how it ended.
import type { AnswerUsage } from '../../../contract/conversations.ts';
import { HearthError } from '../../errors/index.ts';
import { text as words } from '../../words/index.ts';
import type { Asked } from '../remote/asked.ts';
import type { ChatEvent, ChatMessage } from '../interface.ts';
import { errorSaid } from '../../ollama/index.ts';
import { wasPromptCut } from '../prompt-cut.ts';
import { isChunk, readChunk } from './chunks.ts';
import { notAnEvent, Refused, refusalInStream } from './failures.ts';
import { createToolCallPieces } from './tool-calls.ts';

export interface Answer {
  /** The events of one record of this API. */
  take(value: Record<string, unknown>): Iterable<ChatEvent>;
  /** The events of a whole answer. */
  whole(value: unknown): Iterable<ChatEvent>;
  /** The server has said that this is the end. */
  sayEnd(): void;
  /** The last events. Throws `backend_empty` when nothing was said and no reason was given, `backend_failed` for a bad end. */
  end(): Iterable<ChatEvent>;
  /** A record has come. */
  hasBegun(): boolean;
  /** Something of the answer has come: a thought, a word, a call. */
  hasSpoken(): boolean;
  /** The server has said, at any time, why the answer ends. */
  isFinished(): boolean;
  /** It has said so, and nothing of the answer came after it: then how the connection ends changes nothing. */
  isOver(): boolean;
  /** So does a server that keeps its word: nothing more of the answer is waited for but for a moment. */
  isSurelyOver(): boolean;
}

/** Ends that are none. */
const BAD_ENDS = new Set(['error', 'abort']);

export function createAnswer({
  asked,
  sent,
  startedMs,
}: {
  asked: Asked;
  /** What the request holds, to judge whether all of it was read. */
  sent: readonly ChatMessage[];
  startedMs: number;
}): Answer {
  const { backend, host } = asked;
  const calls = createToolCallPieces();
  let counts: Partial<AnswerUsage> = {};
  let finish: string | null = null;
  /** Of the last reason: whether it came by itself, after the answer, and whether something has come since. */
  let end: 'none' | 'with-words' | 'alone' = 'none';
  /** Words came after a reason: this server puts one where nothing ends. */
  let wasTakenBack = false;
  let hasPieces = false;
  let hasBegun = false;
  let firstMs: number | null = null;
  let lastMs: number | null = null;

  function* take(value: Record<string, unknown>): Iterable<ChatEvent> {
    const chunk = readChunk(value);
    hasBegun = true;
    if (chunk.counts !== null) counts = { ...counts, ...chunk.counts };
    // After its pieces some servers send the whole once more.
    const isNew = !(chunk.isWhole && hasPieces);
    const hasWords = isNew && (chunk.thinking !== '' || chunk.text !== '' || chunk.toolCalls.length > 0);
    if (hasWords) {
      hasPieces ||= !chunk.isWhole;
      wasTakenBack ||= end !== 'none';
      end = 'none';
      lastMs = performance.now();
      firstMs ??= lastMs;
      calls.add(chunk.toolCalls);
    }
    if (chunk.finish !== null) {
      finish = chunk.finish;
      end = hasWords || firstMs === null ? 'with-words' : 'alone';
    }
    if (hasWords && chunk.thinking !== '') yield { type: 'thinking', text: chunk.thinking };
    if (hasWords && chunk.text !== '') yield { type: 'text', text: chunk.text };
  }

  function* ended(): Iterable<ChatEvent> {
    if (finish === null && firstMs === null) throw new HearthError('backend_empty', { backend, host });
    if (finish === 'content_filter')
      throw new HearthError('backend_failed', { backend, reason: words('backends:openai.filtered') });
    if (finish !== null && BAD_ENDS.has(finish)) throw new HearthError('backend_failed', { backend, reason: finish });
    const whole = calls.whole();
    if (whole === null) throw new HearthError('backend_garbage', { backend, host });
    for (const call of whole) yield { type: 'tool-call', call };
    yield { type: 'done', reason: finish === 'length' ? 'length' : 'stop', usage: usage() };
  }

  function usage(): AnswerUsage {
    const promptTokens = counts.promptTokens ?? null;
    const isStreamed = firstMs !== null && lastMs !== null && lastMs > firstMs;
    return {
      promptTokens,
      answerTokens: counts.answerTokens ?? null,
      loadMs: null,
      firstTokenMs: firstMs === null ? null : firstMs - startedMs,
      answerMs: counts.answerMs ?? (isStreamed ? (lastMs ?? 0) - (firstMs ?? 0) : null),
      totalMs: performance.now() - startedMs,
      ...(wasPromptCut(sent, promptTokens) ? { wasPromptCut: true as const } : {}),
    };
  }

  return {
    take,
    *whole(value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw notAnEvent(JSON.stringify(value) ?? '', asked);
      const record = value as Record<string, unknown>;
      if (errorSaid(record) !== null) throw new Refused(refusalInStream(record));
      if (!isChunk(record)) throw notAnEvent(JSON.stringify(value), asked);
      yield* take(record);
      if (readChunk(record).isWhole) finish ??= 'stop';
      yield* ended();
    },
    sayEnd() {
      finish ??= 'stop';
    },
    end: ended,
    hasBegun: () => hasBegun,
    hasSpoken: () => firstMs !== null,
    isFinished: () => finish !== null,
    isOver: () => end === 'alone' || (end === 'with-words' && !wasTakenBack),
    isSurelyOver: () => end === 'alone' && !wasTakenBack,
  };
}
