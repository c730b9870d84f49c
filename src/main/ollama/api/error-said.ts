// Whether a record of a stream is an error, in any of the forms that servers have for one, and what it says.
import { parseRecord } from './lines.ts';

/** Null: it is none. `said` is null for an error that says nothing. */
export function errorSaid(record: Record<string, unknown>): { said: string | null } | null {
  if (isSomething(record.error)) return { said: wordsIn(record.error) ?? wordsIn(record) };
  const [choice] = Array.isArray(record.choices) ? (record.choices as unknown[]) : [];
  const inChoice = fieldsOf(choice).error;
  if (isSomething(inChoice)) return { said: wordsIn(inChoice) };
  if (isNamedError(record)) return { said: wordsIn(record) };
  // Of frameworks that know no field for it; beside an answer these words mean something else.
  const isAnswer = 'choices' in record || 'done' in record || 'response' in record;
  if (isAnswer) return null;
  if (isSomething(record.detail) && Object.keys(record).length <= 2) return { said: wordsIn(record.detail) };
  const status = [record.code, record.status, record.statusCode].map(Number).find((one) => one >= 400 && one < 600);
  return status !== undefined && typeof record.message === 'string' ? { said: record.message } : null;
}

/**
 * What an error says that calls itself none: `{"code":"Throttled","message":"…"}`. Only where nothing else came, for in a
 * good stream such records tell how it goes.
 */
export function aloneSaid(text: string): string | null {
  const { message, code, status, type, reason } = fieldsOf(parseRecord(text));
  const isNamed = [code, status, type, reason].some((one) => typeof one === 'string' || typeof one === 'number');
  return isNamed && typeof message === 'string' && message.trim() !== '' ? message : null;
}

/** More are no help in a sentence. */
const PLACES_MAX = 3;
/** Deeper there are no words for people. */
const WORDS_MAX_DEPTH = 5;

/** The first words in an error: itself, or what it has under one of the usual names. */
export function wordsIn(value: unknown, depth = 0): string | null {
  if (depth > WORDS_MAX_DEPTH) return null;
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    const said = (value as unknown[]).map((one) => wordsIn(one, depth + 1)).filter((one) => one !== null);
    return isPlaced(value[0]) ? said.slice(0, PLACES_MAX).join('; ') : (said[0] ?? null);
  }
  if (typeof value !== 'object' || value === null) return null;
  const fields = fieldsOf(value);
  if (isPlaced(value)) {
    const place = value.loc.filter((part, index) => index > 0 || part !== 'body').join('.');
    return place === '' ? value.msg : `${place}: ${value.msg}`;
  }
  for (const name of ['message', 'error', 'detail', 'msg', 'reason', 'description', 'title', 'code', 'type']) {
    const said = wordsIn(fields[name], depth + 1);
    if (said !== null) return said;
  }
  return null;
}

/** What FastAPI says of each field that it does not take. */
function isPlaced(value: unknown): value is { loc: unknown[]; msg: string } {
  const { loc, msg } = fieldsOf(value);
  return Array.isArray(loc) && typeof msg === 'string' && msg !== '';
}

function isNamedError({ type, object, status, success }: Record<string, unknown>): boolean {
  return type === 'error' || object === 'error' || status === 'error' || success === false;
}

/** Some servers send an error that is none with every record. */
function isSomething(value: unknown): boolean {
  if (typeof value === 'string') return !/^(?:null|none|false)?$/i.test(value.trim());
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
