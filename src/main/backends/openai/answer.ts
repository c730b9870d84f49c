// An answer while it is put together from its records: what has been said, what was counted, how it ended.
import type { AnswerUsage } from '../../../contract/conversations.ts';
import { HearthError } from '../../errors/index.ts';
import { text as words } from '../../words/index.ts';
import type { Asked } from '../remote/asked.ts';
import type { ChatEvent, ChatMessage } from '../interface.ts';
import { wasPromptCut } from '../prompt-cut.ts';
import { isChunk, readChunk } from './chunks.ts';
import { failureInStream, notAnEvent } from './failures.ts';
import { createToolCallPieces } from './tool-calls.ts';

export interface Answer {
  /** The events of one record. Throws `backend_garbage` for one that is none of this API, `backend_failed` for a bad end. */
  take(value: Record<string, unknown>): Iterable<ChatEvent>;
  /** The events of a whole answer. */
  whole(value: unknown): Iterable<ChatEvent>;
  /** The last events. Throws `backend_empty` when nothing was said and no reason was given. */
  end(): Iterable<ChatEvent>;
  /** A record has come. */
  hasBegun(): boolean;
  /** Something of the answer has come: a thought, a word, a call. */
  hasSpoken(): boolean;
  /** The server has said why the answer ends. */
  isFinished(): boolean;
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
  let hasBegun = false;
  let firstMs: number | null = null;
  let lastMs: number | null = null;

  function* take(value: Record<string, unknown>): Iterable<ChatEvent> {
    if (!isChunk(value)) throw notAnEvent(JSON.stringify(value), asked);
    const chunk = readChunk(value);
    hasBegun = true;
    calls.add(chunk.toolCalls);
    if (chunk.thinking !== '' || chunk.text !== '' || chunk.toolCalls.length > 0) {
      lastMs = performance.now();
      firstMs ??= lastMs;
    }
    if (chunk.thinking !== '') yield { type: 'thinking', text: chunk.thinking };
    if (chunk.text !== '') yield { type: 'text', text: chunk.text };
    if (chunk.counts !== null) counts = { ...counts, ...chunk.counts };
    if (chunk.finish === null) return;
    if (chunk.finish === 'content_filter')
      throw new HearthError('backend_failed', { backend, reason: words('backends:openai.filtered') });
    if (BAD_ENDS.has(chunk.finish)) throw new HearthError('backend_failed', { backend, reason: chunk.finish });
    finish = chunk.finish;
  }

  function* end(): Iterable<ChatEvent> {
    if (finish === null && firstMs === null) throw new HearthError('backend_empty', { backend, host });
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
      if (record.error !== undefined && record.error !== null) throw failureInStream(record, asked);
      yield* take(record);
      yield* end();
    },
    end,
    hasBegun: () => hasBegun,
    hasSpoken: () => firstMs !== null,
    isFinished: () => finish !== null,
  };
}
