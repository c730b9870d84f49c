// What an answer that is carried on begins with, and what is sent of it.
import { canGoOn } from '../../contract/going-on.ts';
import type { Message } from '../../contract/conversations.ts';
import type { AnswerText } from '../storage/index.ts';
import { textOf } from './context.ts';

/** What the next answer begins with; null for one that can't be carried on. */
export function beginningOf(message: Message): AnswerText | null {
  if (!canGoOn(message)) return null;
  const thinking = message.parts.filter(({ type }) => type === 'thinking').map(({ text }) => text);
  return { thinking: thinking.join(''), text: textOf(message) };
}

/**
 * What the model gets to see of it: all, unless it filled the model's memory. Then only its end, about a quarter of what the
 * model holds, so that there is room to go on.
 */
export function sentOf(message: Message): string {
  const text = textOf(message);
  const { why, limitTokens } = message.usage?.cut ?? {};
  // A quarter of the tokens, at about four characters each.
  const chars = why === 'context' ? (limitTokens ?? 2_048) : Infinity;
  if (text.length <= chars) return text;
  const end = text.slice(-chars);
  // From the beginning of a word.
  return end.slice(end.search(/\s/) + 1);
}
