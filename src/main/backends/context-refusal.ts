// A server's refusal of what is longer than its context: the words for it that are in use, and the error it is.
import { HearthError } from '../errors/index.ts';
import type { ChatMessage } from './interface.ts';

/** In tokens; null where the server does not tell. */
export interface ContextRefusal {
  setTokens: number | null;
  neededTokens: number | null;
}

/** `code` and `type` of the error. */
const MARKS = /context_length_exceeded|exceed_context_size/i;
/** Ollama, llama-server, vLLM and OpenAI, LM Studio, Mistral, Anthropic, Gemini, text-generation-inference, in this order. */
const WORDS =
  /input length exceeds the context|longer than the context length|exceeds? the (?:available |model.s )?context|maximum (?:context|model) length|greater than the context length|loaded with context length|reached context length|prompt is too long: \d|exceeds the maximum number of tokens|tokens? \+ `?max_new_tokens`? must be/i;
/** What was asked for is an answer of this length: a shorter question would change nothing. */
const ABOUT_THE_ANSWER = /max_(?:completion_)?tokens['’"`]* (?:is|are) too large/i;

const SET = [
  /"n_ctx": ?(\d+)/,
  /context size \((\d+) tokens\)/i,
  /maximum (?:context|model) length (?:is|of) (\d+)/i,
  /context length of (?:only )?(\d+)/i,
  /with (\d+) maximum context length/i,
  /> (\d+) maximum/i,
  /number of tokens allowed \((\d+)\)/i,
];
const NEEDED = [
  /"n_prompt_tokens": ?(\d+)/,
  /request \((\d+) tokens\)/i,
  /requested (?:about )?(\d+) tokens/i,
  /resulted in (\d+) tokens/i,
  /request has (\d+) input tokens/i,
  /\(length (\d+)\)/i,
  /keep the first (\d+) tokens/i,
  /prompt contains (\d+) tokens/i,
  /too long: (\d+) tokens/i,
  /token count \((\d+)\)/i,
];

/**
 * Null for a refusal of another kind.
 * @param said the server's sentence, and the body it came in where there is more in it
 * @param marks the words of the API for it, see `Refusal`
 */
export function readContextRefusal(said: string, marks = ''): ContextRefusal | null {
  if (ABOUT_THE_ANSWER.test(said) || !(MARKS.test(marks) || WORDS.test(said))) return null;
  return { setTokens: numberIn(said, SET), neededTokens: numberIn(said, NEEDED) };
}

function numberIn(said: string, patterns: readonly RegExp[]): number | null {
  for (const pattern of patterns) {
    const found = Number(pattern.exec(said)?.[1]);
    if (Number.isSafeInteger(found) && found > 0) return found;
  }
  return null;
}

/** The refusal of a server that sets its limit itself. */
export function refusedElsewhere(
  { setTokens, neededTokens }: ContextRefusal,
  told: { backend: string; model: string; reason: string },
  detail: string,
): HearthError {
  // Numbers that contradict the refusal were misread.
  const isKnown = setTokens !== null && neededTokens !== null && neededTokens > setTokens;
  const params = isKnown
    ? { ...told, set: setTokens, needed: neededTokens, context: 'elsewhere' }
    : { ...told, context: 'said' };
  return new HearthError('context_too_small', params, { detail });
}

export interface TooSmall {
  model: string;
  setTokens: number;
  neededTokens: number;
  /** What the model was made for; null where nobody tells. */
  canTokens: number | null;
  /** What was asked for: with less, the rest had no room in memory. Null: what is set is what was asked for. */
  askedTokens: number | null;
}

/** What does not fit into the context that Hearth sets on this computer. */
export function tooSmallHere(room: TooSmall, detail?: string): HearthError {
  const { model, setTokens: set, neededTokens: needed, canTokens: can } = room;
  return new HearthError(
    'context_too_small',
    { model, set, needed, ...(can === null ? {} : { can }), ...limitOf(room) },
    detail === undefined ? {} : { detail },
  );
}

/** Whose limit it is; without a word it is the one of the settings. */
function limitOf({ setTokens, canTokens, askedTokens }: TooSmall): { context?: string } {
  if (canTokens === null) return { context: 'unknown' };
  if (setTokens >= canTokens) return { context: 'model' };
  return askedTokens !== null && setTokens < Math.min(askedTokens, canTokens) ? { context: 'memory' } : {};
}

const CHARS_PER_TOKEN = 4;

/** About how many tokens these messages are, for a sentence: engines that cut do not count. */
export function aboutTokens(messages: readonly ChatMessage[]): number {
  return Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / CHARS_PER_TOKEN);
}
