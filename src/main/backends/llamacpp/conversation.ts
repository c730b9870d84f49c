// Runs in the engine process: which part of a conversation is read, when not all of it fits into the context.
import { KnownFailure, TooLong } from './engine-failure.ts';
import type { EngineMessage } from './protocol.ts';

/** Room that stays for the answer when a conversation is longer than the context. */
const ANSWER_RESERVE_TOKENS = 512;
/** No tokenizer makes longer tokens on average: longer texts are refused without the seconds it takes to count them. */
const CHARS_PER_TOKEN_MAX = 32;
/** Of usual prose, to say about how long such a text is. */
const CHARS_PER_TOKEN = 4;
/** What is left of a conversation when its beginning has to go. */
const KEPT_PART = 0.5;

export interface Fitted {
  messages: EngineMessage[];
  promptTokens: number;
  leftOutMessages: number;
}

export interface Counting {
  contextTokens: number;
  /** What the model was made for. */
  modelMaximum: number;
  /** Of a text by itself. */
  countText: (text: string) => number;
  /** Of all of it, with the template's own tokens. */
  countPrompt: (messages: EngineMessage[]) => number;
}

/**
 * Chooses what is read: the system's words and as much of the end as fits. A conversation that is too long loses half of
 * what fits at once, and then nothing until it is too long again: what stays is the same from turn to turn, so that the
 * engine, which has read it already, reads only what is new. One message at a time would have it read everything anew with
 * each question.
 */
export function createFitting(): (messages: readonly EngineMessage[], counting: Counting) => Fitted {
  /** Where the last conversation that was too long began. */
  let cut: { index: number; first: string } | null = null;

  return (messages, { contextTokens, modelMaximum, countText, countPrompt }) => {
    const { system, others, asked } = partsOf(messages);
    const budgetTokens = contextTokens - Math.min(ANSWER_RESERVE_TOKENS, Math.floor(contextTokens / 4));
    const tooLong = (promptTokens: number) =>
      new TooLong({
        setTokens: contextTokens,
        neededTokens: promptTokens + contextTokens - budgetTokens,
        canTokens: modelMaximum,
      });
    const estimate = ({ content }: EngineMessage) =>
      content.length > contextTokens * CHARS_PER_TOKEN_MAX ? Infinity : countText(content);

    const freeTokens = budgetTokens - [...system, ...asked].reduce((sum, message) => sum + estimate(message), 0);
    if (freeTokens < 0) {
      const chars = [...system, ...asked].reduce((sum, { content }) => sum + content.length, 0);
      const about = Math.ceil(chars / CHARS_PER_TOKEN);
      throw tooLong(Number.isFinite(freeTokens) ? budgetTokens - freeTokens : about);
    }
    const sizes = new Map<EngineMessage, number>();
    /** The first of the newest messages that have no more tokens together. */
    const firstWithin = (tokens: number): number => {
      let first = others.length;
      for (let left = tokens; first > 0; first -= 1) {
        const message = others[first - 1]!;
        const size = sizes.get(message) ?? estimate(message);
        sizes.set(message, size);
        left -= size;
        if (left < 0) break;
      }
      return first;
    };
    const asBefore = (least: number) =>
      cut !== null && cut.index >= least && others[cut.index]?.content === cut.first ? cut.index : null;

    const least = firstWithin(freeTokens);
    const half = () => firstWithin(freeTokens * KEPT_PART);
    let first = least === 0 ? 0 : (asBefore(least) ?? half());
    // The template's own tokens come on top.
    for (;;) {
      // A conversation starts with a question, not with the answer to one that is gone.
      while (others[first]?.role === 'assistant' && first > 0) first += 1;
      const kept = [...system, ...others.slice(first), ...asked];
      const promptTokens = countPrompt(kept);
      if (promptTokens <= budgetTokens) {
        if (first > 0) cut = { index: first, first: others[first]?.content ?? '' };
        return { messages: kept, promptTokens, leftOutMessages: first };
      }
      if (first >= others.length) throw tooLong(promptTokens);
      first = asBefore(first + 1) ?? Math.max(first + 1, half());
    }
  };
}

/** The system's words, what came before, and what is asked now: a question, and the answer to it that is to go on. */
function partsOf(messages: readonly EngineMessage[]) {
  const system = messages.filter(({ role }) => role === 'system');
  const others = messages.filter(({ role }) => role !== 'system');
  const question = others.findLastIndex(({ role }) => role === 'user');
  if (question === -1 || question < others.length - 2)
    throw new KnownFailure('backend_failed', 'the conversation does not end with a question');
  return { system, others: others.slice(0, question), asked: others.slice(question) };
}
