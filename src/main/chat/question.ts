// What may be asked.
import { QUESTION_MAX_CHARS } from '../../contract/limits.ts';
import { HearthError } from '../errors/index.ts';

/** @throws HearthError `question_empty` or `question_too_long`, which names the limit */
export function checkQuestion(text: string): void {
  if (text.length > QUESTION_MAX_CHARS)
    throw new HearthError('question_too_long', { chars: text.length, limit: QUESTION_MAX_CHARS });
  if (text.trim() === '') throw new HearthError('question_empty');
}
