// Options and words of a command line, and the error for those that are not understood.
import { parseArgs } from 'node:util';
import { text } from '../main/words/index.ts';

/** Wrong usage: the sentence says what is wrong; the program ends with code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

type Options = Record<string, { type: 'string' | 'boolean'; short?: string }>;
export interface Words {
  values: Record<string, string | boolean | undefined>;
  positionals: string[];
}

/** `--help` and `-h` are understood everywhere. @throws UsageError */
export function parseWords(args: string[], options: Options): Words {
  const known: Options = { ...options, help: { type: 'boolean', short: 'h' } };
  // Not strict: Node's sentences about what is wrong are for developers.
  const { values, positionals, tokens } = parseArgs({
    args,
    options: known,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) if (token.kind === 'option') requireKnown(token, known[token.name]);
  return { values, positionals };
}

interface OptionToken {
  rawName: string;
  value?: string | undefined;
  inlineValue?: boolean | undefined;
}

function requireKnown({ rawName, value, inlineValue }: OptionToken, option: Options[string] | undefined): void {
  if (option === undefined) throw new UsageError(text('cli:usage.unknownOption', { option: rawName }));
  if (option.type === 'boolean') {
    if (value !== undefined) throw new UsageError(text('cli:usage.noValue', { option: rawName }));
    return;
  }
  // `--model --json`: the value was forgotten. `--model=--json` means it.
  const isForgotten = inlineValue !== true && value !== undefined && /^-./.test(value);
  if (value === undefined || isForgotten) throw new UsageError(text('cli:usage.valueMissing', { option: rawName }));
}

/** @throws UsageError naming the first word too many */
export function requireNoMore(words: readonly string[]): void {
  if (words[0] !== undefined) throw new UsageError(text('cli:usage.unexpected', { word: words[0] }));
}
