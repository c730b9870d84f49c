// The records of /api/chat as events.
import type { ChatResponse } from 'ollama';
import type { AnswerUsage } from '../../../contract/conversations.ts';
import { failureInStream, notARecord, parseRecord } from '../../ollama/index.ts';
import type { ToolCall } from '../interface.ts';

/** The last record of a whole answer, or a piece of it. */
export type OllamaRecord =
  | (Piece & { isDone: false })
  | (Piece & { isDone: true; reason: 'stop' | 'length'; counts: Counts });

interface Piece {
  thinking: string;
  text: string;
  /** Absent when the record calls none. */
  toolCalls?: ToolCall[];
}

type Counts = Pick<AnswerUsage, 'promptTokens' | 'answerTokens' | 'loadMs' | 'answerMs'>;

/**
 * @throws HearthError `backend_failed` for an error line, `backend_garbage` or `backend_html` for anything that is no record
 */
export function readRecord(line: string, host: string): OllamaRecord {
  const record: Unsure | null = parseRecord(line);
  if (record === null) throw notARecord(line, host);
  if (typeof record.error === 'string') throw failureInStream(record.error);
  const { message } = record;
  if (typeof message !== 'object' && record.done !== true) throw notARecord(line, host);
  const toolCalls = asToolCalls(message?.tool_calls);
  const piece: Piece = {
    thinking: asText(message?.thinking),
    text: asText(message?.content),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  };
  if (record.done !== true) return { isDone: false, ...piece };
  const reason = record.done_reason === 'length' ? 'length' : 'stop';
  const counts: Counts = {
    promptTokens: asNumber(record.prompt_eval_count),
    answerTokens: asNumber(record.eval_count),
    loadMs: fromNanoseconds(record.load_duration),
    answerMs: fromNanoseconds(record.eval_duration),
  };
  return { isDone: true, ...piece, reason, counts };
}

/** The client's type, distrusted: nothing in it is sure to be there. */
type Unsure = Partial<Omit<ChatResponse, 'message'>> & {
  error?: unknown;
  message?: Partial<ChatResponse['message']> | null;
};

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

function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Math.round(value) : null;
}

function fromNanoseconds(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value / 1e6 : null;
}
