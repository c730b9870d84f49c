// The parameters of a model as they are written in a form, and what is wrong with one. Main checks them again.
import type { ModelParameter } from '../../../contract/models.ts';

/** What Ollama documents for PARAMETER, offered while writing. */
export const KNOWN_PARAMETERS = [
  'temperature',
  'num_ctx',
  'num_predict',
  'top_k',
  'top_p',
  'min_p',
  'repeat_penalty',
  'repeat_last_n',
  'seed',
  'stop',
  'num_gpu',
  'num_thread',
] as const;

const WORDS = new Set(['stop']);
const INTEGERS = new Set(['num_ctx', 'num_predict', 'top_k', 'repeat_last_n', 'seed', 'num_gpu', 'num_thread']);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What is wrong with a row of the form, as a key of `edit.wrong`; null when nothing is. */
export type Wrong = 'name' | 'value' | 'number' | 'integer' | 'twice';

/**
 * @param all the rows it stands among
 */
export function wrongWith({ name, value }: ModelParameter, all: ModelParameter[]): Wrong | null {
  if (!/^[a-z]\w*$/i.test(name.trim())) return 'name';
  // Blanks may be what a model is to stop at.
  if (value === '') return 'value';
  if (WORDS.has(name.trim())) return null;
  if (all.filter((other) => other.name.trim() === name.trim()).length > 1) return 'twice';
  if (INTEGERS.has(name.trim())) return /^[+-]?\d+$/.test(value.trim()) ? null : 'integer';
  const isKnown = (KNOWN_PARAMETERS as readonly string[]).includes(name.trim());
  return isKnown && !NUMBER.test(value.trim()) ? 'number' : null;
}

/** As it goes to main: names without blanks around them, and values too where they are numbers. */
export function cleaned({ name, value }: ModelParameter): ModelParameter {
  return { name: name.trim(), value: WORDS.has(name.trim()) ? value : value.trim() };
}
