// What a query service said, as the text of its answer.
import { errorSaid } from '../../ollama/index.ts';

/** Where the text is, the first that holds some; also one level down, in `data` or `output`. */
const FIELDS = ['response', 'answer', 'text', 'result'];
const WRAPPERS = ['data', 'output'];

/** `failure`: the service words an error; `none`: nothing in it is an answer. */
export type QueryAnswer = { type: 'text'; text: string } | { type: 'failure'; value: object } | { type: 'none' };

/** @param contentType of text/plain the body is the answer, as it is */
export function readQueryAnswer(body: string, contentType: string | null): QueryAnswer {
  if (/^text\/plain\b/i.test(contentType ?? '')) return { type: 'text', text: body };
  const value = parse(body);
  if (typeof value === 'string') return { type: 'text', text: value };
  if (typeof value !== 'object' || value === null) return { type: 'none' };
  const wrapped = WRAPPERS.map((name) => (value as Record<string, unknown>)[name]);
  const text = textIn(value) ?? wrapped.map((one) => (typeof one === 'string' ? one : textIn(one))).find(Boolean);
  if (text !== undefined && text !== null) return { type: 'text', text };
  if (errorSaid({ ...value }) !== null) return { type: 'failure', value };
  return [value, ...wrapped].some(isEmptyAnswer) ? { type: 'text', text: '' } : { type: 'none' };
}

/** The place of an answer is there, with nothing in it. */
function isEmptyAnswer(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return FIELDS.some((name) => fields[name] === '' || fields[name] === null);
}

function textIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = FIELDS.map((name) => (value as Record<string, unknown>)[name]);
  return (found.find((one) => typeof one === 'string' && one !== '') as string | undefined) ?? null;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // Told by the caller, who knows who said it.
    return null;
  }
}
