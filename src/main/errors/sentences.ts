// The catalogue of error sentences: resources/locales/<language>/errors.json, one sentence per code.
//
// A code with a second sentence, `<code>_kept`, has it for `{ context: 'kept' }`: a part of the answer had arrived.
import type { ErrorCode, ErrorParams } from '../../contract/errors.ts';
import { text } from '../words/index.ts';

/** What happened, what Hearth did, what you can do: in the user's language. */
export function sentenceFor(code: ErrorCode, params: ErrorParams): string {
  const sentence = text(`errors:${code}`, params);
  // Where a value is empty, the spaces around it stay; those inside a value (a path) are nobody's to take.
  return Object.values(params).includes('') ? sentence.replaceAll(/ {2,}/g, ' ') : sentence;
}
