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
  try {
    const known: Options = { ...options, help: { type: 'boolean', short: 'h' } };
    const { values, positionals } = parseArgs({ args, options: known, allowPositionals: true, strict: true });
    return { values, positionals };
  } catch (error) {
    // Node's own sentence names the option; it is the best there is.
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** @throws UsageError naming the first word too many */
export function requireNoMore(words: readonly string[]): void {
  if (words[0] !== undefined) throw new UsageError(text('cli:usage.unexpected', { word: words[0] }));
}
