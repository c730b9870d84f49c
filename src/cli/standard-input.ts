// `-`: the question comes from standard input.
import type { Readable } from 'node:stream';
import { QUESTION_MAX_CHARS } from '../contract/chat.ts';
import { HearthError } from '../main/errors/index.ts';

/**
 * Reads to the end of the input; a trailing line break is dropped.
 * @throws HearthError `question_too_long` as soon as the limit is passed, so that an endless input ends
 */
export async function readQuestion(input: Readable): Promise<string> {
  let question = '';
  input.setEncoding('utf8');
  for await (const chunk of input) {
    question += chunk as string;
    if (question.length > QUESTION_MAX_CHARS) {
      throw new HearthError('question_too_long', { chars: question.length, limit: QUESTION_MAX_CHARS });
    }
  }
  return question.replace(/\r?\n$/, '');
}
