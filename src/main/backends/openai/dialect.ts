// What is known of one server's way to speak the API: what it is, what it refuses, what it knows beyond the standard.
import type { ChatOptions } from '../interface.ts';
import type { Refusal } from './failures.ts';

/** Engines that take more than the standard has; null: not known to be one of them, nothing beyond it is sent. */
export type Flavour = 'llamacpp' | 'vllm' | null;

export interface Dialect {
  flavour: Flavour;
  /** `stream_options`, which brings the counts: `untried` until a request with it was answered. */
  streamOptions: 'untried' | 'taken' | 'refused';
  /** How the length of an answer is limited; OpenAI's own thinking models refuse the older name. */
  lengthField: 'max_tokens' | 'max_completion_tokens';
}

export function newDialect(): Dialect {
  return { flavour: null, streamOptions: 'untried', lengthField: 'max_tokens' };
}

/**
 * Words the question in another way after a refusal. @returns whether that is worth a second try
 * @param attempt of this question alone: a refusal that has another cause must not be remembered
 */
export function learnFrom(attempt: Dialect, { status, said }: Refusal, body: Record<string, unknown>): boolean {
  if (status !== 400 && status !== 422) return false;
  if ('max_tokens' in body && said.includes('max_completion_tokens')) {
    attempt.lengthField = 'max_completion_tokens';
    return true;
  }
  // A server that has taken it once means something else. Any other may mean it, whatever it says.
  if (!('stream_options' in body) || attempt.streamOptions !== 'untried') return false;
  attempt.streamOptions = 'refused';
  return true;
}

/** Remembers how a question was worded that was answered. */
export function remember(dialect: Dialect, attempt: Dialect, body: Record<string, unknown>): void {
  dialect.lengthField = attempt.lengthField;
  dialect.streamOptions = 'stream_options' in body ? 'taken' : attempt.streamOptions;
}

/** Sampling that only some engines know, in the words of this one. */
export function samplingBeyond(flavour: Flavour, { topK, minP, repeatPenalty }: ChatOptions): Record<string, number> {
  if (flavour === null) return {};
  const penalty = flavour === 'vllm' ? 'repetition_penalty' : 'repeat_penalty';
  return {
    ...(topK === undefined ? {} : { top_k: topK }),
    ...(minP === undefined ? {} : { min_p: minP }),
    ...(repeatPenalty === undefined ? {} : { [penalty]: repeatPenalty }),
  };
}
