// The records of an answer, streamed or whole, as what they hold for the chat. Nothing in them is sure to be there.
import type { AnswerUsage } from '../../../contract/conversations.ts';

export interface Chunk {
  thinking: string;
  text: string;
  /** Calls, or pieces of them, as they came. */
  toolCalls: readonly unknown[];
  /** Why the answer ends; null: it goes on. */
  finish: string | null;
  /** Null: the record tells none. */
  counts: Partial<Pick<AnswerUsage, 'promptTokens' | 'answerTokens' | 'answerMs'>> | null;
}

/** Whether the record is one of this API at all: it has choices or counts. */
export function isChunk(value: Record<string, unknown>): boolean {
  return Array.isArray(value.choices) || asObject(value.usage) !== null;
}

/** A record of the stream (`delta`) or a whole answer (`message`). Of several answers to one question the first is read. */
export function readChunk(value: Record<string, unknown>): Chunk {
  const choices = Array.isArray(value.choices) ? (value.choices as unknown[]).map(asObject) : [];
  const choice = choices.find((one) => (one?.index ?? 0) === 0) ?? null;
  const said = asObject(choice?.delta) ?? asObject(choice?.message) ?? {};
  return {
    // Two names for the same; some servers send both.
    thinking: asText(said.reasoning_content) || asText(said.reasoning),
    text: asText(said.content) || asText(said.refusal),
    toolCalls: Array.isArray(said.tool_calls) ? (said.tool_calls as unknown[]) : [],
    finish: asText(choice?.finish_reason) || null,
    counts: countsOf(value),
  };
}

/** llama-server measures the writing itself and tells it in `timings`. */
function countsOf({ usage, timings }: Record<string, unknown>): Chunk['counts'] {
  const counted = asObject(usage);
  const measured = asNumber(asObject(timings)?.predicted_ms);
  if (counted === null && measured === null) return null;
  return {
    ...(counted === null
      ? {}
      : { promptTokens: asCount(counted.prompt_tokens), answerTokens: asCount(counted.completion_tokens) }),
    ...(measured === null ? {} : { answerMs: measured }),
  };
}

/** Text, or a list of parts with text in them. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return (value as unknown[]).map((part) => asText(asObject(part)?.text)).join('');
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function asCount(value: unknown): number | null {
  const number = asNumber(value);
  return number === null ? null : Math.round(number);
}
