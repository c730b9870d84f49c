// What is known of one server's way to speak the API: what it is, what it refuses, what it knows beyond the standard.
import type { ChatOptions } from '../interface.ts';
import { refusesSystemRole } from '../system-role.ts';
import type { Refusal } from './failures.ts';

/** Engines that take more than the standard has; null: not known to be one of them, nothing beyond it is sent. */
export type Flavour = 'llamacpp' | 'vllm' | null;

export interface Dialect {
  flavour: Flavour;
  /** `stream_options`, which brings the counts: `untried` until a request with it was answered. */
  streamOptions: 'untried' | 'taken' | 'refused';
  /** How the length of an answer is limited; OpenAI's own thinking models refuse the older name. */
  lengthField: 'max_tokens' | 'max_completion_tokens';
  /** Models that take no system message: it goes with the first question. */
  withoutSystem: readonly string[];
}

/** What is known of a request that was sent. */
export interface Sent extends Record<string, unknown> {
  model: string;
  messages: readonly { role: string }[];
}

/** With which a template's refusal comes: llama-server says 500, mlx_lm.server 404. */
const REFUSED_MESSAGES = new Set([400, 404, 422, 500]);

export function newDialect(): Dialect {
  return { flavour: null, streamOptions: 'untried', lengthField: 'max_tokens', withoutSystem: [] };
}

/**
 * Words the question in another way after a refusal. @returns whether that is worth a second try
 * @param attempt of this question alone: a refusal that has another cause must not be remembered
 */
export function learnFrom(attempt: Dialect, { status, said }: Refusal, body: Sent): boolean {
  if (REFUSED_MESSAGES.has(status) && hasSystem(body) && refusesSystemRole(said)) {
    attempt.withoutSystem = [...attempt.withoutSystem, body.model];
    return true;
  }
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

function hasSystem({ messages }: Sent): boolean {
  return messages.some(({ role }) => role === 'system');
}

/** Remembers how a question was worded that was answered. */
export function remember(dialect: Dialect, attempt: Dialect, body: Sent): void {
  dialect.lengthField = attempt.lengthField;
  dialect.streamOptions = 'stream_options' in body ? 'taken' : attempt.streamOptions;
  const isLesson = attempt.withoutSystem.includes(body.model) && !dialect.withoutSystem.includes(body.model);
  if (isLesson) dialect.withoutSystem = [...dialect.withoutSystem, body.model];
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
