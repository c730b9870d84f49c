// What the model gets to see of a conversation.
import type { ErrorCode } from '../../contract/errors.ts';
import type { Message } from '../../contract/conversations.ts';
import type { ChatMessage } from '../backends/index.ts';
import type { ContextCard } from '../insights/index.ts';

/** The server read the question and would not have it: sent along again, it would be refused with every later one. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'backend_failed',
  'request_refused',
  'request_too_large',
  'context_too_small',
]);

/**
 * The messages of a path from the root of a conversation, oldest first. Left out are answers without text (failed, or still
 * waiting), those of the demo, which no model wrote, and what a model thought; and questions that were refused. What was
 * stopped or interrupted is what the user has seen, and stays. All of it is sent whatever its length: choosing by a token
 * budget will happen here, once the budget of a model is known.
 */
export function contextOf(path: readonly Message[]): ChatMessage[] {
  const isLeftOut = (message: Message, at: number) =>
    message.role === 'user' ? wasRefused(path[at + 1]) : message.source?.kind === 'demo' || message.state === 'failed';
  return path
    .filter((message, at) => !isLeftOut(message, at))
    .map((message) => ({ role: message.role, content: textOf(message) }));
}

/** @param answer the one to the question; absent when it has none yet */
function wasRefused(answer: Message | undefined): boolean {
  if (answer?.role !== 'assistant') return false;
  const { state, error, source } = answer;
  if (state === 'failed' && error !== null && REFUSALS.has(error.code)) return true;
  return source?.kind === 'demo' && source.skipped.some(({ reason }) => REFUSALS.has(reason.code));
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
