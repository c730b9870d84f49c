// The server-sent events of an answer: bytes in, JSON records out, and what is no part of the format told as such.
//
// The standard ignores what it does not know; here whoever reads decides, because it is how a page, another program or an
// old server's error looks. Each `data` line that is JSON by itself is a record at once: some servers leave out the empty
// line between two events, and a token need not wait for it. So is a bare line of JSON, as proxies mix the formats.
import { createLineSplitter } from '../../ollama/index.ts';

export type StreamItem =
  | { type: 'record'; event: string | null; value: Record<string, unknown> }
  /** `[DONE]`. */
  | { type: 'end' }
  /** What is no part of such a stream. */
  | { type: 'stray'; said: string; isEndless?: true };

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
    const said = pending.join('\n');
    const items: StreamItem[] = pending.length === 0 ? [] : [unread(said)];
    event = null;
    pending = [];
    pendingChars = 0;
    return items;
  }

  /** An error may be told in words that are no JSON. */
  const unread = (said: string): StreamItem =>
    event === 'error' ? { type: 'record', event, value: { error: said } } : { type: 'stray', said };

  function dataLine(written: string): StreamItem[] {
    // Some proxies frame what is framed already.
    const data = written.startsWith('data:') ? written.replace(/^(?:data: ?)+/, '') : written;
    if (pending.length === 0) {
      if (data === '') return [];
      if (data.toUpperCase() === '[DONE]') return [{ type: 'end' }];
      const alone = asJson(data);
      const record = asObject(alone);
      if (record !== null) return [{ type: 'record', event, value: record }];
      // What is whole by itself and no object says nothing: null, numbers, lists.
      if (alone !== undefined) return [unread(typeof alone === 'string' ? alone : data)];
    }
    pending.push(data);
    pendingChars += data.length;
    const value = pending.length === 1 ? null : asRecord(pending.join('\n'));
    if (value === null) return pending.length > RECORD_MAX_LINES || pendingChars > RECORD_MAX_CHARS ? endOfEvent() : [];
    pending = [];
    pendingChars = 0;
    return [{ type: 'record', event, value }];
  }

  function line(written: string): StreamItem[] {
    // Without a mark of the byte order too, which some put before every line.
    const text = written.trim();
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
      return lines === null ? [{ type: 'stray', said: 'a line without end', isEndless: true }] : lines.flatMap(line);
    },
    rest() {
      const last = splitter.rest();
      const isCut = FIELDS.some((field) => field.startsWith(last));
      return last === '' || isCut ? [] : line(last);
    },
  };
}

/** A bare JSON object is a record, or how some servers word an error in the middle of a stream. */
function strayLine(text: string): StreamItem[] {
  const value = text.startsWith('{') ? asRecord(text) : null;
  return [value === null ? { type: 'stray', said: text } : { type: 'record', event: null, value }];
}

function asRecord(text: string): Record<string, unknown> | null {
  return asObject(asJson(text));
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** Undefined: it is none, or not whole yet. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Told by the caller, who knows whether more may come.
    return undefined;
  }
}
