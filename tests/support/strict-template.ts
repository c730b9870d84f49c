// The strictest chat template there is: what it says of messages that it does not take.
import type { SentMessage } from './scripted-openai.ts';

/** In the words of the templates that are in use; null when it takes them. A system message may come first. */
export function breachOfRoles(messages: readonly SentMessage[]): string | null {
  const turns = messages[0]?.role === 'system' ? messages.slice(1) : messages;
  if (messages.some(({ content }) => content === null || content.trim() === '')) return 'Message content is empty';
  const breach = turns.some(({ role }, at) => role !== (at % 2 === 0 ? 'user' : 'assistant'));
  if (breach) return 'Conversation roles must alternate user/assistant/user/assistant/...';
  return turns.at(-1)?.role === 'user' ? null : 'The last message must be of the user';
}

/** Of Gemma: the same, and no system message at all. */
export function breachOfGemma(messages: readonly SentMessage[]): string | null {
  return messages.some(({ role }) => role === 'system') ? 'System role not supported' : breachOfRoles(messages);
}

/** As vLLM refuses; for the behaviour `refuses` of a scripted server. */
export function refusing(
  breachOf: (messages: readonly SentMessage[]) => string | null,
): (messages: SentMessage[]) => { status: number; body: string } | null {
  return (messages) => {
    const message = breachOf(messages);
    if (message === null) return null;
    return { status: 400, body: JSON.stringify({ object: 'error', message, type: 'BadRequestError', code: 400 }) };
  };
}
