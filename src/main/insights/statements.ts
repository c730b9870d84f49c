// What a message says about the person who wrote it.
import { z } from 'zod';
import { FACT_MAX_CHARS } from '../../contract/limits.ts';
import type { ChatMessage } from '../backends/index.ts';
import { text } from '../words/index.ts';
import { quoted } from './excerpt.ts';
import { jsonIn } from './reply.ts';
import { sameness } from './statement.ts';
import { sharedWords, wordsOf } from './words.ts';

const FACTS_MAX = 5;
/** Of the words of a statement so many must be the writer's own: one in so many. */
const OWN_WORDS_PART = 3;
const MESSAGE_CHARS = 4_000;
/** How much of what is known is shown, so that it is not said again; the rest is sorted out afterwards. */
const KNOWN_CHARS = 1_500;

export const FACTS_MAX_TOKENS = 400;

export const FACTS_FORMAT = {
  type: 'object',
  properties: { facts: { type: 'array', items: { type: 'string' }, maxItems: FACTS_MAX } },
  required: ['facts'],
};

function examples(): string[] {
  return text('prompts:facts.examples').split('|');
}

/** @param message what its writer says of themselves; see `aboutWriter` @param known statements, the newest first */
export function factsPrompt(message: string, known: readonly string[]): ChatMessage[] {
  let list = '';
  for (const one of known) {
    const line = `\n- ${one.replace(/[\s\p{Cc}]+/gu, ' ')}`;
    if (list.length + line.length > KNOWN_CHARS) break;
    list += line;
  }
  const shown = examples()
    .map((one) => JSON.stringify(one))
    .join(', ');
  const task = text('prompts:facts.task', { examples: shown });
  return [
    { role: 'system', content: list === '' ? task : `${task}\n\n${text('prompts:facts.known')}${list}` },
    { role: 'user', content: quoted('message', message, MESSAGE_CHARS) },
  ];
}

/**
 * What steers a model (its special tokens, a list or record of its own) or a screen. A statement goes in front of every later
 * question, so none is learned with such a sign. The joiners are letters to some languages.
 */
const SIGNS = /[<>{}[\]|\p{Cc}\p{Cs}\p{Co}]|(?![\u200c\u200d])\p{Cf}/u;

const Statement = z
  .union([
    z.string(),
    z.object({ fact: z.string() }).transform(({ fact }) => fact),
    z.object({ text: z.string() }).transform((one) => one.text),
    z.object({ statement: z.string() }).transform(({ statement }) => statement),
  ])
  .transform((one) => one.replace(/\s+/g, ' ').trim())
  .pipe(
    z
      .string()
      .max(FACT_MAX_CHARS)
      .regex(/\p{L}.*\s.*\p{L}|\p{L}{2,}/u)
      .refine((one) => !SIGNS.test(one)),
  );
const Statements = z.union([
  z.array(z.unknown()),
  z.object({ facts: z.array(z.unknown()) }).transform((one) => one.facts),
]);

/**
 * The statements of a reply, each once; what is not a statement is left out, and so is all of it when it is no list. So is
 * what a model made up: a statement has words of the writer's, and an example of the prompt all of its own.
 *
 * @param message what its writer says of themselves
 */
export function statementsIn(reply: string, message: string): string[] {
  const list = Statements.safeParse(jsonIn(reply));
  if (!list.success) return [];
  const found = new Map<string, string>();
  const written = wordsOf(message);
  const shown = new Set(examples().map(sameness));
  for (const one of list.data) {
    const statement = Statement.safeParse(one);
    if (!statement.success || found.has(sameness(statement.data))) continue;
    const words = wordsOf(statement.data);
    const least = shown.has(sameness(statement.data)) ? words.size : Math.max(1, words.size / OWN_WORDS_PART);
    if (sharedWords(words, written) >= least) found.set(sameness(statement.data), statement.data);
  }
  return [...found.values()].slice(0, FACTS_MAX);
}
