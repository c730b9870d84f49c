// What an Ollama (or whatever listens in its place) said instead of an answer, as an error with a code of its own.
import { HearthError } from '../../errors/index.ts';
import { durationText } from '../../words/index.ts';
import { aloneSaid } from './error-said.ts';
import { failureInBetween } from './in-between.ts';
import { inSentence, readSaid } from './said.ts';
import { type Refusing, waitAsked } from './wait-asked.ts';

export const OLLAMA_LABEL = 'Ollama';

export interface OllamaAnswer {
  status: number;
  /** Null for a header that is not there. */
  header: (name: string) => string | null;
  /** The beginning of its body. Called only for an answer that is no Ollama's. */
  said: () => Promise<string>;
}

/** Passes an answer that is Ollama's; throws for every other, after reading what it says. */
export async function requireOllama(answer: OllamaAnswer, host: string, model: string | null): Promise<void> {
  const { status, header } = answer;
  const isPage = header('content-type')?.toLowerCase().includes('text/html') ?? false;
  if (status >= 200 && status < 300 && !isPage) return;
  throw failureOf({ status, header, said: await answer.said() }, isPage, { host, model });
}

function failureOf(
  refusing: Refusing,
  isPage: boolean,
  { host, model }: { host: string; model: string | null },
): HearthError {
  const { status, said } = refusing;
  const backend = OLLAMA_LABEL;
  const detail = { detail: `HTTP ${status} ${said.slice(0, 1_000)}`.trim() };
  const { reason, isJson } = readSaid(said);
  const inBetween = failureInBetween(refusing, { backend, host, clean: (text) => text });
  if (inBetween !== null) return inBetween;
  if (status === 401 || status === 403) return new HearthError('backend_refused', { host, backend, status }, detail);
  if (isPage) return new HearthError('backend_html', { host, backend }, detail);
  if (isAboutLoading(status, reason)) return new HearthError('backend_model_not_loaded', { host, backend }, detail);
  const waitMs = waitAsked(refusing, Date.now());
  if (waitMs !== null)
    return new HearthError('backend_wait', { host, backend, wait: durationText(waitMs), waitMs }, detail);
  if (status === 503 || status === 429) return new HearthError('backend_busy', { host, backend }, detail);
  if (status === 404 && reason !== null && /model.*not found/is.test(reason))
    return new HearthError('model_not_found', { backend, model: model ?? '', installed: '' }, detail);
  const isAboutRequest = ABOUT_THE_REQUEST.has(status);
  // Ollama words its errors as JSON; a path it does not know means that something else, or a very old one, listens there.
  const isOllamas = isJson && /"error"\s*:/.test(said);
  if (status < 500 && !isOllamas && !(isAboutRequest && reason !== null))
    return new HearthError('backend_garbage', { host, backend }, detail);
  const code = isAboutRequest ? 'request_refused' : 'backend_failed';
  return new HearthError(code, { backend, reason: inSentence(reason ?? `HTTP ${status}`) }, detail);
}

/** Of these the next request may fare better: nothing is wrong with the server. */
const ABOUT_THE_REQUEST = new Set([400, 422]);

/** Servers that wait for somebody to load a model there. */
export function isAboutLoading(status: number, reason: string | null): boolean {
  return (status === 503 || status === 400) && /no models? loaded|load a model/i.test(reason ?? '');
}

/** An error line in the middle of a stream. */
export function failureInStream(said: string): HearthError {
  return new HearthError('backend_failed', { backend: OLLAMA_LABEL, reason: inSentence(said) }, { detail: said });
}

/** A line that is no record. */
export function notARecord(line: string, host: string): HearthError {
  const alone = aloneSaid(line);
  if (alone !== null) return failureInStream(alone);
  const code = looksLikePage(line) ? 'backend_html' : 'backend_garbage';
  return new HearthError(code, { host, backend: OLLAMA_LABEL }, { detail: line.slice(0, 200) });
}

export function looksLikePage(said: string): boolean {
  return /^\s*<(?:!doctype|html|head|body)\b/i.test(said);
}
