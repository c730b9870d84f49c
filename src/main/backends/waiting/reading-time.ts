// How long a prompt takes to read, where nothing better is known.
import type { ChatMessage } from '../interface.ts';

/** What a slow computer reads of a prompt in a second: where nothing better is known, nobody is given up sooner. */
const SLOW_TOKENS_PER_SECOND = 20;
/** English has four to five bytes a token, Chinese three. */
const BYTES_PER_TOKEN = 4;

/** About how many tokens the messages are. */
export function tokensOf(messages: readonly ChatMessage[]): number {
  return Math.ceil(messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0) / BYTES_PER_TOKEN);
}

/** How long a slow computer reads so many tokens, in milliseconds. */
export function slowMs(tokens: number): number {
  return (tokens / SLOW_TOKENS_PER_SECOND) * 1_000;
}
