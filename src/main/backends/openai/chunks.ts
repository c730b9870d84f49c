// The records of an answer, streamed or whole, as what they hold for the chat. Nothing in them is sure to be there.
import type { AnswerUsage } from '../../../contract/conversations.ts';
import { countFrom, measureFrom } from '../../diagnostics/index.ts';

export interface Chunk {
  thinking: string;
  text: string;
  /** Calls, or pieces of them, as they came. */
  toolCalls: readonly unknown[];
  /** Why the answer ends; null: it goes on. */
  finish: string | null;
  /** A whole answer rather than the next piece of one. */
  isWhole: boolean;
  /** Null: the record tells none. */
  counts: Partial<Pick<AnswerUsage, 'promptTokens' | 'answerTokens' | 'answerMs'>> | null;
}

/** Whether the record is one of this API at all: it has choices or counts. */
export function isChunk(value: Record<string, unknown>): boolean {
  return 'choices' in value || asObject(value.usage) !== null;
}

/** A record of the stream (`delta`) or a whole answer (`message`). Of several answers to one question the first is read. */
export function readChunk(value: Record<string, unknown>): Chunk {
  const choices = Array.isArray(value.choices) ? (value.choices as unknown[]).map(asObject) : [];
  const choice = choices.find((one) => one !== null && Number(one.index ?? 0) === 0) ?? null;
  const piece = asObject(choice?.delta);
  const whole = asObject(choice?.message);
  const said = piece ?? whole ?? {};
  const reason = asText(choice?.finish_reason).trim();
  return {
    // Two names for the same; some servers send both.
    thinking: asText(said.reasoning_content) || asText(said.reasoning),
    text:
      asText(said.content) || asText(said.refusal) || (piece === null && whole === null ? asText(choice?.text) : ''),
    toolCalls: Array.isArray(said.tool_calls) ? (said.tool_calls as unknown[]).filter(isCall) : [],
    finish: NO_REASONS.has(reason.toLowerCase()) ? null : reason,
    isWhole: piece === null && whole !== null,
    counts: countsOf(value),
  };
}

/** How servers write that there is no reason yet. */
const NO_REASONS = new Set(['', 'null', 'none', 'undefined']);

function isCall(piece: unknown): boolean {
  return asObject(asObject(piece)?.function) !== null;
}

/** llama-server measures the writing itself and tells it in `timings`. */
function countsOf({ usage, timings }: Record<string, unknown>): Chunk['counts'] {
  const counted = asObject(usage);
  const measured = measureFrom(asObject(timings)?.predicted_ms);
  if (counted === null && measured === null) return null;
  return {
    ...(counted === null
      ? {}
      : { promptTokens: countFrom(counted.prompt_tokens), answerTokens: countFrom(counted.completion_tokens) }),
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
