// The server-sent events of an answer: bytes in, JSON records out, nothing skipped.
//
// Not as lenient as the standard, which ignores what it does not know: here a line that is no part of the format is told,
// because it is how a page, another program or an old server's error looks. Each `data` line that is JSON by itself is a
// record at once: some servers leave out the empty line between two events, and a token need not wait for it.
import { createLineSplitter } from '../../ollama/index.ts';

export type StreamItem =
  | { type: 'record'; event: string | null; value: Record<string, unknown> }
  /** `[DONE]`. */
  | { type: 'end' }
  /** What is no part of such a stream. */
  | { type: 'stray'; said: string };

export interface EventReader {
  /** What the bytes complete; characters and lines may be split over chunks anywhere. */
  push(chunk: Uint8Array): StreamItem[];
  /** What is left when the stream has ended; a piece of a record is left out, for the stream was cut there. */
  rest(): StreamItem[];
}

/** A record that is written over more lines than this, or is longer, is no record. */
const RECORD_MAX_LINES = 1_000;
const RECORD_MAX_CHARS = 16 * 1024 * 1024;
const IGNORED_FIELDS = new Set(['id', 'retry']);
const FIELDS = ['data:', 'event:', 'error:', 'id:', 'retry:'];

export function createEventReader(): EventReader {
  const splitter = createLineSplitter();
  let event: string | null = null;
  /** Lines of one record that is written over several. */
  let pending: string[] = [];
  let pendingChars = 0;

  function endOfEvent(): StreamItem[] {
    const items: StreamItem[] = pending.length === 0 ? [] : [{ type: 'stray', said: pending.join('\n') }];
    event = null;
    pending = [];
    pendingChars = 0;
    return items;
  }

  function dataLine(data: string): StreamItem[] {
    if (pending.length === 0 && data.trim() === '[DONE]') return [{ type: 'end' }];
    if (pending.length === 0 && data.trim() === '') return [];
    pending.push(data);
    pendingChars += data.length;
    const value = asRecord(pending.join('\n'));
    const isTooLong = pending.length > RECORD_MAX_LINES || pendingChars > RECORD_MAX_CHARS;
    if (value === null) return isTooLong ? endOfEvent() : [];
    const items: StreamItem[] = [{ type: 'record', event, value }];
    pending = [];
    pendingChars = 0;
    return items;
  }

  function line(written: string): StreamItem[] {
    const text = written.endsWith('\r') ? written.slice(0, -1) : written;
    if (text === '') return endOfEvent();
    // A comment: servers keep the connection alive with it.
    if (text.startsWith(':')) return [];
    const [, field = '', value = ''] = /^([a-z]+): ?(.*)$/s.exec(text) ?? [];
    if (field === 'data') return dataLine(value);
    if (field === 'event') event = value;
    else if (field === 'error') return [{ type: 'record', event: 'error', value: asRecord(value) ?? { error: value } }];
    else if (!IGNORED_FIELDS.has(field)) return strayLine(text);
    return [];
  }

  return {
    push(chunk) {
      const lines = splitter.push(chunk);
      return lines === null ? [{ type: 'stray', said: 'a line without end' }] : lines.flatMap(line);
    },
    rest() {
      const last = splitter.rest();
      const isCut = FIELDS.some((field) => field.startsWith(last));
      return last === '' || isCut ? [] : line(last);
    },
  };
}

/** A bare JSON object is how some servers word an error in the middle of a stream. */
function strayLine(text: string): StreamItem[] {
  const value = asRecord(text);
  return value !== null && 'error' in value
    ? [{ type: 'record', event: 'error', value }]
    : [{ type: 'stray', said: text }];
}

function asRecord(text: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    // Told by the caller, who knows whether more may come.
    return null;
  }
}
