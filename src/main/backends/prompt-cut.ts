// Engines cut a prompt that is longer than their context and say nothing; the count of what they read gives it away.
import type { ChatMessage } from './interface.ts';

/**
 * No tokenizer in use makes longer tokens on average over a text (English has 4 to 5 characters a token, code 3), so an
 * engine that counted fewer tokens than this allows has left something out.
 */
const CHARS_PER_TOKEN_MAX = 8;
/** Below these the tokens of the template weigh too much to tell. */
const TOLD_FROM_CHARS = 1_000;
const TOLD_FROM_WORDS = 100;
/** What a template puts around a message is shorter. */
const TEMPLATE_TOKENS_MAX = 64;

/**
 * Whether the engine surely read less than was sent. A token reaches over no space, so there are at least as many tokens as
 * words; and no more than bytes, so what is within the context even then was not cut, whatever the count says: old servers
 * leave out of it what they had read before.
 * @param promptTokens as it reported; null: it did not
 * @param contextTokens what the engine holds at once; null: not known
 */
export function wasPromptCut(
  messages: readonly ChatMessage[],
  promptTokens: number | null,
  contextTokens: number | null = null,
): boolean {
  if (promptTokens === null) return false;
  if (contextTokens !== null && mostTokens(messages) <= contextTokens) return false;
  const text = messages.map(({ content }) => content).join('\n');
  if (text.length >= TOLD_FROM_CHARS && promptTokens * CHARS_PER_TOKEN_MAX < text.length) return true;
  const words = leastTokens(messages);
  return words >= TOLD_FROM_WORDS && promptTokens < words;
}

/** No prompt of these messages has fewer tokens: each word is at least one. */
export function leastTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce((sum, { content }) => sum + (content.match(/\S+/g)?.length ?? 0), 0);
}

/** No prompt of these messages has more tokens: each byte would be one. Images are not counted. */
export function mostTokens(messages: readonly ChatMessage[]): number {
  return messages.reduce(
    (sum, { content }) => sum + Buffer.byteLength(content) + TEMPLATE_TOKENS_MAX,
    TEMPLATE_TOKENS_MAX,
  );
}
