// What the user typed after `hearth`, checked.
import type { SendInput } from '../contract/chat.ts';
import { text } from '../main/words/index.ts';
import { type BackendCommand, parseBackend } from './arguments-backend.ts';
import { type EngineCommand, parseEngine } from './arguments-engine.ts';
import { parseWords, requireNoMore, UsageError } from './usage.ts';

export type Command =
  | {
      name: 'ask';
      /** Null: it comes from standard input. */
      question: string | null;
      backend?: string;
      model?: string;
      /** What it is for: its backend and model are those of that purpose. */
      purpose?: AskPurpose;
      isJson: boolean;
    }
  | { name: 'models'; isCatalogue: boolean; isJson: boolean }
  | { name: 'pull'; model: string; isFresh: boolean; isInsecure: boolean }
  | { name: 'rm'; model: string; isSure: boolean }
  | BackendCommand
  | EngineCommand
  | { name: 'doctor'; isJson: boolean }
  | { name: 'help'; topic: HelpTopic }
  | { name: 'version' };

type AskPurpose = NonNullable<SendInput['purpose']>;

const PURPOSES = { chat: 'chat', 'quick-ask': 'quickAsk', gateway: 'gateway' } as const satisfies Record<
  string,
  AskPurpose
>;
const TOPICS = ['ask', 'models', 'pull', 'rm', 'backend', 'engine', 'doctor'] as const;
export type HelpTopic = (typeof TOPICS)[number] | 'hearth';

/** What `hearth help` tells of a command; of anything else, of all of them. */
export function helpTopic(command: string | undefined): HelpTopic {
  return TOPICS.find((topic) => topic === command) ?? 'hearth';
}

/** @throws UsageError */
export function parseCommand(argv: string[]): Command {
  const [name, ...rest] = argv;
  switch (name) {
    case 'ask':
      return parseAsk(rest);
    case 'models':
      return parseModels(rest);
    case 'pull':
      return parsePull(rest);
    case 'rm':
      return parseRemove(rest);
    case 'backend':
      return parseBackend(rest);
    case 'engine':
      return parseEngine(rest);
    case 'doctor':
      return parseDoctor(rest);
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      return parseHelp(rest);
    case 'version':
    case '--version':
    case '-v':
      return { name: 'version' };
    default:
      throw unknownCommand(name, rest);
  }
}

function parseHelp([command]: string[]): Command {
  const topic = helpTopic(command);
  if (command !== undefined && command !== topic) throw unknownCommand(command, []);
  return { name: 'help', topic };
}

/** Words that other programs have for what a command of ours does. */
const MEANT: Record<string, string> = {
  chat: 'ask',
  run: 'ask',
  list: 'models',
  ls: 'models',
  get: 'pull',
  download: 'pull',
  remove: 'rm',
  delete: 'rm',
  install: 'engine install',
  start: 'engine start',
  serve: 'engine start',
  stop: 'engine stop',
  logs: 'engine logs',
  backends: 'backend',
  status: 'doctor',
  check: 'doctor',
};

/** Names the command that was meant, where that can be told; a sentence was meant as a question. */
function unknownCommand(word: string, more: string[]): UsageError {
  const lower = word.toLowerCase();
  const meant = TOPICS.find((topic) => topic === lower) ?? (Object.hasOwn(MEANT, lower) ? MEANT[lower] : undefined);
  if (meant !== undefined) return new UsageError(text('cli:usage.unknownMeant', { word, meant }));
  const isSentence = !word.startsWith('-') && (/\s/.test(word) || more.length > 1);
  return new UsageError(text(`cli:usage.${isSentence ? 'unknownQuestion' : 'unknownCommand'}`, { word }));
}

function parseAsk(args: string[]): Command {
  const { values, positionals } = parseWords(args, {
    backend: { type: 'string', short: 'b' },
    model: { type: 'string', short: 'm' },
    purpose: { type: 'string' },
    json: { type: 'boolean' },
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
    ...(typeof values.purpose === 'string' ? { purpose: purposeFrom(values.purpose) } : {}),
  };
}

function purposeFrom(word: string): AskPurpose {
  if (Object.hasOwn(PURPOSES, word)) return PURPOSES[word as keyof typeof PURPOSES];
  const known = Object.keys(PURPOSES).join(', ');
  throw new UsageError(text('cli:usage.unknownPurpose', { word, known }));
}

function parseModels(args: string[]): Command {
  const { values, positionals } = parseWords(args, { catalogue: { type: 'boolean' }, json: { type: 'boolean' } });
  if (values.help === true) return { name: 'help', topic: 'models' };
  requireNoMore(positionals);
  return { name: 'models', isCatalogue: values.catalogue === true, isJson: values.json === true };
}

function parsePull(args: string[]): Command {
  const { values, positionals } = parseWords(args, { fresh: { type: 'boolean' }, insecure: { type: 'boolean' } });
  if (values.help === true) return { name: 'help', topic: 'pull' };
  const model = oneModel(positionals);
  return { name: 'pull', model, isFresh: values.fresh === true, isInsecure: values.insecure === true };
}

function parseRemove(args: string[]): Command {
  const { values, positionals } = parseWords(args, { yes: { type: 'boolean', short: 'y' } });
  if (values.help === true) return { name: 'help', topic: 'rm' };
  return { name: 'rm', model: oneModel(positionals), isSure: values.yes === true };
}

function parseDoctor(args: string[]): Command {
  const { values, positionals } = parseWords(args, { json: { type: 'boolean' } });
  if (values.help === true) return { name: 'help', topic: 'doctor' };
  requireNoMore(positionals);
  return { name: 'doctor', isJson: values.json === true };
}

function oneModel([name, ...more]: string[]): string {
  if (name === undefined || name.trim() === '') throw new UsageError(text('cli:usage.noModel'));
  requireNoMore(more);
  return name;
}
