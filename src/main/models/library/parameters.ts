// The parameters of a model: from the lines of /api/show, to the typed values that /api/create takes.
import type { ModelParameter } from '../../../contract/models.ts';
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';

type Kind = 'integer' | 'number' | 'truth' | 'words';

/** What Ollama's options are made of; it refuses values of another kind. */
const KINDS: Readonly<Record<string, Kind>> = {
  ...kinds('integer', 'num_ctx num_batch num_gpu main_gpu num_thread num_keep num_predict seed top_k repeat_last_n'),
  ...kinds('integer', 'draft_num_predict mirostat'),
  ...kinds('number', 'temperature top_p min_p typical_p tfs_z repeat_penalty presence_penalty frequency_penalty'),
  ...kinds('number', 'mirostat_tau mirostat_eta'),
  ...kinds('truth', 'use_mmap use_mlock numa low_vram f16_kv vocab_only penalize_newline'),
  ...kinds('words', 'stop'),
};

function kinds(kind: Kind, names: string): Record<string, Kind> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kind]));
}

/** @param lines as /api/show writes them: `name`, blanks, the value, texts in Go's quotes; a list has a line for each value */
export function parseParameters(lines: string): ModelParameter[] {
  return lines.split('\n').flatMap((line) => {
    const [, name, value] = /^(\S+)\s+(.*)$/s.exec(line.trimEnd()) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, value: unquoted(value) }];
  });
}

type Value = string | number | boolean | string[];

/** @throws HearthError `bad_request` for a value that its parameter can't have */
export function typedParameters(settings: readonly ModelParameter[]): Record<string, Value> {
  const values = new Map<string, string[]>();
  for (const { name, value } of settings) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, given]) => [name, typed(name, given)]));
}

function typed(name: string, given: string[]): Value {
  const kind = KINDS[name];
  if (kind === 'words') return given;
  const [value = ''] = given;
  if (given.length > 1) {
    if (kind === undefined) return given;
    throw wrong(name, 'once');
  }
  if (kind === 'truth') {
    if (value !== 'true' && value !== 'false') throw wrong(name, 'truth');
    return value === 'true';
  }
  const number = NUMBER.test(value) ? Number(value) : Number.NaN;
  if (kind === 'integer' && !Number.isSafeInteger(number)) throw wrong(name, 'integer');
  if (kind === 'number' && !Number.isFinite(number)) throw wrong(name, 'number');
  if (kind !== undefined) return number;
  // A name this Hearth does not know: what reads like a number or a truth value is one.
  if (value === 'true' || value === 'false') return value === 'true';
  return Number.isFinite(number) && String(number) === value ? number : value;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

function wrong(name: string, what: 'once' | Kind): HearthError {
  return new HearthError('bad_request', { what: text(`ollama:library.parameter_${what}`, { name }) });
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** A text in Go's quotes as it is meant; anything else as it stands. */
function unquoted(value: string): string {
  if (!/^".*"$/s.test(value) || value.length < 2) return value;
  return value
    .slice(1, -1)
    .replaceAll(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs, (_all, byte, short, long, letter) => {
      const code = [byte, short, long].find((digits) => digits !== undefined) as string | undefined;
      if (code !== undefined) return characterOf(Number.parseInt(code, 16));
      return ESCAPES[letter as string] ?? (letter as string);
    });
}

const characterOf = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd');
