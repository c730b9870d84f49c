// What a query service said, as the text of its answer.
import { errorSaid, looksLikePage } from '../../ollama/index.ts';

/** Where the text is, the first that holds some; also one level down, in `data` or `output`. */
const FIELDS = ['response', 'answer', 'text', 'result'];
const WRAPPERS = ['data', 'output'];

/** `failure`: the service words an error; `none`: nothing in it is an answer. */
export type QueryAnswer = { type: 'text'; text: string } | { type: 'failure'; value: object } | { type: 'none' };

/** @param contentType where it calls itself text, or nothing, the body is the answer, unless it is JSON that holds one */
export function readQueryAnswer(body: string, contentType: string | null): QueryAnswer {
  const isText = contentType === null || /^text\/plain\b/i.test(contentType);
  const value = parse(body);
  if (typeof value === 'string' && !isText) return { type: 'text', text: value };
  if (typeof value !== 'object' || value === null) {
    const isAnswer = isText && !looksLikePage(body) && (contentType !== null || value === null);
    return isAnswer ? { type: 'text', text: body } : { type: 'none' };
  }
  const found = readObject(value);
  return isText && contentType !== null && found.type === 'none' ? { type: 'text', text: body } : found;
}

function readObject(value: object): QueryAnswer {
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
