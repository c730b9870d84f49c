// What the model gets to see of a conversation.
import type { Message } from '../../contract/conversations.ts';
import type { ChatMessage } from '../backends/index.ts';
import type { ContextCard } from '../insights/index.ts';

/**
 * The messages of a path from the root of a conversation, as an engine takes them, oldest first. Answers without text
 * (failed, or still waiting) are left out, and so is what a model thought; nothing else is. All of it is sent whatever its
 * length: choosing by a token budget will happen here, once the budget of a model is known.
 */
export function contextOf(path: readonly Message[]): ChatMessage[] {
  return path
    .map((message) => ({ role: message.role, content: textOf(message) }))
    .filter(({ role, content }) => role === 'user' || content.trim() !== '');
}

/** What is known about the user comes first, as a system message of its own. */
export function withCard(card: ContextCard | null, messages: readonly ChatMessage[]): ChatMessage[] {
  return card === null ? [...messages] : [{ role: 'system', content: card.text }, ...messages];
}

/** What was written, without thoughts. */
export function textOf({ parts }: Pick<Message, 'parts'>): string {
  return parts
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('');
}
