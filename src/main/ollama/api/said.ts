// What the body of a refusal says, in whatever shape servers word it: the one place for both APIs and for query services.
import { wordsIn } from './error-said.ts';

export interface Said {
  /** What is wrong; null where it says it in no way that is known. */
  reason: string | null;
  /** The words of the API for it (`code`, `type`, `param` of the error), in one text; empty where there are none. */
  marks: string;
  /** False: whoever wrote it words errors in another way than an API does. */
  isJson: boolean;
}

/** @param body its beginning */
export function readSaid(body: string): Said {
  const value = parsed(body);
  return value === undefined ? { reason: plainReason(body), marks: '', isJson: false } : saidOf(value);
}

/** The same of a value that was JSON. */
export function saidOf(value: unknown): Said {
  const { error, detail, ...body } = fieldsOf(Array.isArray(value) ? (value as unknown[])[0] : value);
  const { code, type, param } = fieldsOf(error ?? body);
  const marks = [code, type, param].filter((one) => typeof one === 'string').join(' ');
  const rest = error ?? detail ?? null;
  return { reason: wordsIn(value) ?? (rest === null ? null : JSON.stringify(rest)), marks, isJson: true };
}

const SENTENCE_MAX_CHARS = 500;
/** Line ends and what turns the direction of writing: nothing of it belongs into a sentence of ours. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu;

/** Words of a server as a part of a sentence, which goes on after them with a full stop of its own. */
export function inSentence(said: string): string {
  const line = said.replaceAll(UNSEEN, ' ').trim();
  const short = line.length <= SENTENCE_MAX_CHARS ? line : `${line.slice(0, SENTENCE_MAX_CHARS - 1).trim()}…`;
  return short.toWellFormed().replace(/\.+$/, '');
}

/** Plain text as it is; of XML what its usual elements hold; nothing of a page. */
function plainReason(body: string): string | null {
  const text = body.trim();
  if (!text.startsWith('<')) return text === '' ? null : text;
  const [, inside] = /<(?:\w+:)?(?:message|faultstring|detail)\b[^>]*>([^<]+)</i.exec(text) ?? [];
  return inside?.trim() || null;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Undefined for what is no JSON object or list. */
function parsed(body: string): unknown {
  try {
    const value = JSON.parse(body.replace(/^\uFEFF/, '')) as unknown;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Then it is text.
    return undefined;
  }
}
