// What of a model's template may stand in its answer: the marks of its thoughts, and its special tokens. Every model writes
// the marks of every other one: families are mixed, and servers rename models.
import { type TokenNode, treeOf } from './token-tree.ts';

/** A thought stands between `open` and any of `closes`. */
export interface ThoughtMarks {
  open: string;
  closes: readonly string[];
  /** Whether some templates put `open` into the prompt, so that only the end of the thought is in the answer. */
  mayBeginUnseen: boolean;
}

const between = (open: string, close: string): ThoughtMarks => ({ open, closes: [close], mayBeginUnseen: true });
const element = (name: string) => between(`<${name}>`, `</${name}>`);
const NAMES = ['think', 'thinking', 'thought', 'reasoning', 'reflection'];
const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const ANSWER_HEADS = ['<|channel|>final<|message|>', '<|start|>assistant<|channel|>final<|message|>'];

/** Of DeepSeek, Qwen and most others; of Mistral, Kimi, Seed, Command and OpenThinker; the channels of gpt-oss. */
export const THOUGHT_MARKS: readonly ThoughtMarks[] = [
  ...[...NAMES, ...NAMES.map(capitalized), 'seed:think'].map(element),
  between('[THINK]', '[/THINK]'),
  between('◁think▷', '◁/think▷'),
  between('<|START_THINKING|>', '<|END_THINKING|>'),
  between('<|begin_of_thought|>', '<|end_of_thought|>'),
  { open: '<|channel|>analysis<|message|>', closes: ['<|end|>', ...ANSWER_HEADS], mayBeginUnseen: false },
];

/** Of gpt-oss and Command, whichever family a model seems to be of: the heads and ends of what is said. */
const FRAMES = [
  ...ANSWER_HEADS,
  '<|channel|>commentary<|message|>',
  '<|start|>assistant<|channel|>commentary<|message|>',
  '<|start|>assistant',
  '<|return|>',
  '<|START_RESPONSE|>',
  '<|END_RESPONSE|>',
  '<|begin_of_solution|>',
  '<|end_of_solution|>',
];

export interface Vocabulary {
  /** Of all that is looked for. */
  tree: TokenNode;
  special: ReadonlySet<string>;
  opens: ReadonlyMap<string, ThoughtMarks>;
  /** Ends of thoughts whose beginning may have been in the prompt. */
  loneCloses: ReadonlySet<string>;
}

const opens = new Map(THOUGHT_MARKS.map((marks) => [marks.open, marks]));
const loneCloses = new Set(THOUGHT_MARKS.filter((marks) => marks.mayBeginUnseen).flatMap(({ closes }) => closes));
/** Of a family there is one list and every answer needs its tree, so it is made once. */
const vocabularies = new WeakMap<readonly string[], Vocabulary>();

/** @param specialTokens of the family; the list must not change any more */
export function vocabularyOf(specialTokens: readonly string[]): Vocabulary {
  const known = vocabularies.get(specialTokens);
  if (known) return known;
  const special = new Set([...specialTokens, ...FRAMES]);
  const marks = THOUGHT_MARKS.flatMap(({ open, closes }) => [open, ...closes]);
  const vocabulary = { tree: treeOf([...special, ...marks]), special, opens, loneCloses };
  vocabularies.set(specialTokens, vocabulary);
  return vocabulary;
}

/**
 * Whether a token can't be anything else. The others are words of prose and of HTML as well: `<s>` is a price crossed out, and
 * `[INST]` what somebody asked about.
 */
export function isUnmistakable(token: string): boolean {
  return /[|｜_◁]/.test(token);
}
