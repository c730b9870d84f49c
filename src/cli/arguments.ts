// What the user typed after `hearth`, checked.
import { parseArgs } from 'node:util';
import { text } from '../main/words/index.ts';

export type Command =
  | {
      name: 'ask';
      /** Null: it comes from standard input. */
      question: string | null;
      backend?: string;
      model?: string;
      isJson: boolean;
    }
  | { name: 'doctor'; isJson: boolean }
  | { name: 'help'; topic: 'hearth' | 'ask' | 'doctor' }
  | { name: 'version' };

/** Wrong usage: the sentence says what is wrong; the program ends with code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** @throws UsageError */
export function parseCommand(argv: string[]): Command {
  const [name, ...rest] = argv;
  switch (name) {
    case 'ask':
      return parseAsk(rest);
    case 'doctor': {
      const { values, positionals } = parse(rest, { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } });
      if (values.help === true) return { name: 'help', topic: 'doctor' };
      if (positionals.length > 0) throw new UsageError(text('cli:usage.unexpected', { word: positionals[0]! }));
      return { name: 'doctor', isJson: values.json === true };
    }
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return { name: 'help', topic: rest[0] === 'ask' || rest[0] === 'doctor' ? rest[0] : 'hearth' };
    case '--version':
    case '-v':
      return { name: 'version' };
    default:
      throw new UsageError(text('cli:usage.unknownCommand', { word: name }));
  }
}

function parseAsk(args: string[]): Command {
  const { values, positionals } = parse(args, {
    backend: { type: 'string', short: 'b' },
    model: { type: 'string', short: 'm' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (values.help === true) return { name: 'help', topic: 'ask' };
  if (positionals.length === 0) throw new UsageError(text('cli:usage.noQuestion'));
  const isStdin = positionals.length === 1 && positionals[0] === '-';
  const question = positionals.join(' ');
  if (!isStdin && question.trim() === '') throw new UsageError(text('cli:usage.noQuestion'));
  return {
    name: 'ask',
    question: isStdin ? null : question,
    isJson: values.json === true,
    ...(typeof values.backend === 'string' ? { backend: values.backend } : {}),
    ...(typeof values.model === 'string' ? { model: values.model } : {}),
  };
}

function parse(args: string[], options: Record<string, { type: 'string' | 'boolean'; short?: string }>) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's own sentence names the option; it is the best there is.
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
