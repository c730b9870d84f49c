// The catalogue of error sentences: resources/locales/<language>/errors.json, one sentence per code.
import type { ErrorCode, ErrorParams } from '../../contract/errors.ts';
import { text } from '../words/index.ts';

/** What happened, what Hearth did, what you can do: in the user's language. */
export function sentenceFor(code: ErrorCode, params: ErrorParams): string {
  // A value may be empty.
  return text(`errors:${code}`, params).replaceAll(/ {2,}/g, ' ');
}
