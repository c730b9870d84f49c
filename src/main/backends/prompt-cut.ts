// Engines cut a prompt that is longer than their context and say nothing; the count of what they read gives it away.
import type { ChatMessage } from './interface.ts';

/**
 * No tokenizer in use makes longer tokens on average over a text (English has 4 to 5 characters a token, code 3), so an
 * engine that counted fewer tokens than this allows has left something out.
 */
const CHARS_PER_TOKEN_MAX = 8;
/** Below this the tokens of the template weigh too much to tell. */
const TOLD_FROM_CHARS = 1_000;

/** Whether the engine read far less than was sent. @param promptTokens as it reported; null: it did not */
export function wasPromptCut(messages: readonly ChatMessage[], promptTokens: number | null): boolean {
  const sentChars = messages.reduce((sum, { content }) => sum + content.length, 0);
  return promptTokens !== null && sentChars >= TOLD_FROM_CHARS && promptTokens * CHARS_PER_TOKEN_MAX < sentChars;
}
