// The two voices of a message: what it says, and what the model thought before.
import type { Message } from '../../../contract/conversations.ts';

export function textOf(message: Message): string {
  return partsOf(message, 'text');
}

export function thinkingOf(message: Message): string {
  return partsOf(message, 'thinking');
}

function partsOf(message: Message, type: 'text' | 'thinking'): string {
  let all = '';
  for (const part of message.parts) if (part.type === type) all += part.text;
  return all;
}

/** How many words a reader of any language would count. */
export function countWords(text: string): number {
  let count = 0;
  for (const segment of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    if (segment.isWordLike) count += 1;
  }
  return count;
}
