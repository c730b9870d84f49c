// What comes from standard input: the question (`-`), or a key (`--key-stdin`).
import type { Readable } from 'node:stream';
import { QUESTION_MAX_CHARS } from '../contract/chat.ts';
import { HearthError } from '../main/errors/index.ts';
import { text, textOfBytes } from '../main/words/index.ts';
import { UsageError } from './usage.ts';

const KEY_MAX_CHARS = 8_000;
/** Of one character, as a string counts them. */
const UTF8_MAX_BYTES = 3;

/**
 * Reads to the end of the input; a trailing line break is dropped.
 * @throws HearthError `question_too_long` as soon as the limit is passed, so that an endless input ends
 */
export async function readQuestion(input: Readable): Promise<string> {
  const question = await readText(input, QUESTION_MAX_CHARS, (chars) => {
    throw new HearthError('question_too_long', { chars, limit: QUESTION_MAX_CHARS });
  });
  return question.replace(/\r?\n$/, '');
}

/**
 * Reads to the end of the input; what stands around the key is dropped.
 * @throws UsageError for what is too long to be a key
 */
export async function readKey(input: Readable): Promise<string> {
  const key = await readText(input, KEY_MAX_CHARS, () => {
    throw new UsageError(text('cli:usage.keyTooLong', { limit: KEY_MAX_CHARS }));
  });
  return key.trim();
}

async function readText(input: Readable, limit: number, refuse: (chars: number) => never): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const piece = Buffer.from(chunk as Uint8Array | string);
    pieces.push(piece);
    bytes += piece.length;
    // Fewer bytes than this can't be told from a text within the limit.
    if (bytes > limit * UTF8_MAX_BYTES) refuse(Math.floor(bytes / UTF8_MAX_BYTES));
  }
  // Windows PowerShell pipes UTF-16.
  const read = textOfBytes(Buffer.concat(pieces));
  if (read.length > limit) refuse(read.length);
  return read;
}
