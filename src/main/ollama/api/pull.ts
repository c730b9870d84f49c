// The stream of /api/pull: what Ollama says while it fetches a model, record by record.
//
// Nearly every error of it comes as a line of a stream that began with HTTP 200, and an Ollama that is ended cuts the stream
// without a word: only the record `success` is a success.
import { type ByteSource, countFrom, type Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { beginningOf } from './client.ts';
import { errorSaid } from './error-said.ts';
import { failureInStream, notARecord, OLLAMA_LABEL, requireOllama } from './failures.ts';
import { createLineSplitter, parseRecord } from './lines.ts';
import { headerOf } from './wait-asked.ts';

export type PullRecord =
  | { type: 'manifest' }
  /** How much of one file is here. Repeated every 60 ms, also while nothing arrives. */
  | { type: 'layer'; digest: string; total: number; completed: number }
  | { type: 'verifying' }
  | { type: 'writing' }
  | { type: 'success' };

export interface PullRequest {
  fetch: Fetch;
  origin: string;
  host: string;
  model: string;
  /** Lets the registry be plain http. */
  isInsecure: boolean;
}

/**
 * Fetches a model and tells how it goes; ends after `success`. Leaving it, or the signal, closes the request, and Ollama stops
 * fetching; what has arrived stays with it. Records that are not known are left out.
 * @throws HearthError `backend_failed` or `request_refused` with Ollama's words as `reason`, `stream_cut` or `backend_empty` for an end without
 *   success, `backend_garbage`, `backend_html`, `backend_refused`, `backend_unreachable`; or the signal's reason
 */
export async function* pullModel(request: PullRequest, signal: AbortSignal): AsyncGenerator<PullRecord, void> {
  const { fetch, origin, host, model, isInsecure } = request;
  const { status, headers, body } = await fetch.post(`${origin}/api/pull`, {
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify({ model, insecure: isInsecure, stream: true }),
    signal,
  });
  let hasBegun = false;
  try {
    const said = () => beginningOf(body);
    await requireOllama({ status, header: headerOf(headers), said }, host, model);
    for await (const line of linesOf(body, host)) {
      hasBegun = true;
      const record = readRecord(line, host);
      if (record !== null) yield record;
      if (record?.type === 'success') return;
    }
    throw endedEarly();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HearthError) throw error;
    throw endedEarly(error);
  } finally {
    body.cancel();
  }

  function endedEarly(cause?: unknown): HearthError {
    return new HearthError(hasBegun ? 'stream_cut' : 'backend_empty', { backend: OLLAMA_LABEL, host }, { cause });
  }
}

async function* linesOf(body: ByteSource, host: string): AsyncGenerator<string, void> {
  const splitter = createLineSplitter();
  for (let isEnd = false; !isEnd;) {
    const piece = await body.read();
    isEnd = piece === null;
    const lines = piece === null ? [splitter.rest()] : splitter.push(piece);
    if (lines === null) throw notARecord('a line without end', host);
    yield* lines.filter((line) => line.trim() !== '');
  }
}

/** Null for a record that says nothing we know. */
function readRecord(line: string, host: string): PullRecord | null {
  const record = parseRecord(line);
  if (record === null) throw notARecord(line, host);
  const error = errorSaid(record);
  if (error !== null) throw failureInStream(error.said ?? line);
  const { status, digest } = record;
  if (typeof digest === 'string' && digest !== '') {
    const total = asBytes(record.total);
    // Go leaves a zero out.
    return { type: 'layer', digest, total, completed: Math.min(asBytes(record.completed), total) };
  }
  switch (status) {
    case 'pulling manifest':
      return { type: 'manifest' };
    case 'verifying sha256 digest':
      return { type: 'verifying' };
    case 'writing manifest':
    case 'removing unused layers':
    case 'removing any unused layers':
      return { type: 'writing' };
    case 'success':
      return { type: 'success' };
    default:
      return null;
  }
}

/** No model has a petabyte; sums of them must stay numbers that can be counted. */
const BYTES_MAX = 1e15;

function asBytes(value: unknown): number {
  const bytes = countFrom(value) ?? 0;
  return bytes > BYTES_MAX ? 0 : bytes;
}
