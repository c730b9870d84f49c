// The records of /api/chat as events.
import type { AnswerUsage } from '../../../contract/conversations.ts';
import { countFrom, measureFrom } from '../../diagnostics/index.ts';
import { errorSaid, failureInStream, isBrokenPiece, notARecord, parseRecord } from '../../ollama/index.ts';
import type { ToolCall } from '../interface.ts';

/** The last record of a whole answer, or a piece of it. */
export type OllamaRecord =
  | (Piece & { isDone: false })
  | (Piece & { isDone: true; reason: 'stop' | 'length'; counts: Counts; isOnlyLoad: boolean; readMs: number | null });

interface Piece {
  thinking: string;
  text: string;
  /** Absent when the record calls none. */
  toolCalls?: ToolCall[];
}

type Counts = Pick<AnswerUsage, 'promptTokens' | 'answerTokens' | 'loadMs' | 'answerMs'>;

/** What this API does not have, but proxies that frame its records as events. */
const END = 'data: [DONE]';
/** The model was loaded or unloaded, and not asked. */
const ONLY_LOADS = new Set(['load', 'unload']);

/**
 * Null for a line that is no record of an answer. A record in the frame of an event is one.
 * @throws HearthError `backend_failed` for an error, `backend_garbage` for a piece of the answer that can't be read
 */
export function readRecord(line: string, host: string): OllamaRecord | null {
  const text = line.trim();
  const record: Unsure | null = parseRecord(text === END ? '{"done":true}' : text.replace(/^(?:data: ?)+/, ''));
  if (record === null) {
    if (isBrokenPiece(text)) throw notARecord(line, host);
    return null;
  }
  const error = errorSaid(record);
  if (error !== null) throw failureInStream(error.said ?? text);
  const isDone = record.done === true || String(record.done).toLowerCase() === 'true';
  const message = asMessage(record);
  if (message === null && !('done' in record)) return null;
  const toolCalls = asToolCalls(message?.tool_calls);
  const piece: Piece = {
    thinking: asText(message?.thinking),
    text: asText(message?.content),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  };
  if (!isDone) return { isDone: false, ...piece };
  const reason = record.done_reason === 'length' ? 'length' : 'stop';
  const counts: Counts = {
    promptTokens: countFrom(record.prompt_eval_count),
    answerTokens: countFrom(record.eval_count),
    loadMs: fromNanoseconds(record.load_duration),
    answerMs: fromNanoseconds(record.eval_duration),
  };
  const isOnlyLoad = ONLY_LOADS.has(asText(record.done_reason));
  // Reading the prompt, as the server measured it.
  const readMs = fromNanoseconds(record.prompt_eval_duration);
  return { isDone: true, ...piece, reason, counts, isOnlyLoad, readMs };
}

/** The client's type, distrusted: nothing in it is sure to be there. */
type Unsure = Record<string, unknown>;

/** Proxies also say it in a word, or as the answer of /api/generate. */
function asMessage(record: Unsure): Record<string, unknown> | null {
  const { message, response } = record;
  if (typeof message === 'object' && message !== null) return message as Record<string, unknown>;
  if (typeof message === 'string' && ('done' in record || 'model' in record)) return { content: message };
  return typeof response === 'string' ? { content: response, thinking: record.thinking } : null;
}

/** Each with the arguments as an object; what names no function is no call. */
function asToolCalls(value: unknown): ToolCall[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((call: { id?: unknown; function?: { name?: unknown; arguments?: unknown } } | null) => {
    const name = asText(call?.function?.name);
    const given = call?.function?.arguments;
    const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
    const id = asText(call?.id);
    if (name === '') return [];
    return [{ id: id === '' ? null : id, name, arguments: isObject ? (given as Record<string, unknown>) : {} }];
  });
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fromNanoseconds(value: unknown): number | null {
  const measured = measureFrom(value);
  return measured === null ? null : measured / 1e6;
}
