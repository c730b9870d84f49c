// What the model gets to see of a conversation.
import type { Message } from '../../contract/conversations.ts';
import type { ChatMessage } from '../backends/index.ts';

/**
 * The messages of a path from the root of a conversation, as an engine takes them, oldest first. Answers without text
 * (failed, or still waiting) are left out, and so is what a model thought; nothing else is. All of it is sent whatever its
 * length: choosing by a token budget will happen here, once the budget of a model is known.
 */
export function contextOf(path: readonly Message[]): ChatMessage[] {
  return path
    .map(({ role, parts }) => ({ role, content: textOf(parts) }))
    .filter(({ role, content }) => role === 'user' || content.trim() !== '');
}

function textOf(parts: Message['parts']): string {
  return parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('');
}
