// What a token costs to be cleaned of special tokens and marks of thoughts at the end of a long answer, against one at its beginning: the state
// machine must not look back. Half of the text is code, where more is held back.
import { createAnswerCleaner } from '../src/main/backends/cleaning/answer-cleaner.ts';
import { families } from '../src/main/backends/families/families.ts';
import { reportRatio } from './support/report.ts';

const GOAL = 1.2;
const TOKENS = 100_000;
const PART = 10_000;
const ROUNDS = 20;
const PIECES = [
  'The ',
  'value ',
  'is ',
  '<b>',
  '3',
  '. ',
  '`x',
  ' < ',
  'y`',
  '\n',
  '```js\n',
  'if (a ',
  '<| b)',
  ' {}\n',
  '```\n\n',
];

const TOKENS_OF_ALL = families().flatMap(({ specialTokens }) => specialTokens);

let earlyMs = 0;
let lateMs = 0;
for (let round = 0; round <= ROUNDS; round += 1) {
  const cleaner = createAnswerCleaner({ specialTokens: TOKENS_OF_ALL, beginsThinking: false });
  const parts = Array.from({ length: TOKENS / PART }, (_, part) => timed(() => push(cleaner, part * PART)));
  // The first round warms up.
  if (round === 0) continue;
  earlyMs += parts[0] ?? 0;
  lateMs += parts.at(-1) ?? 0;
}
const perTokenUs = (ms: number) => (ms * 1_000) / (ROUNDS * PART);
reportRatio('clean-token', lateMs / earlyMs, GOAL, { us_first: perTokenUs(earlyMs), us_last: perTokenUs(lateMs) });

function push(cleaner: ReturnType<typeof createAnswerCleaner>, from: number): void {
  for (let index = from; index < from + PART; index += 1) cleaner.push(PIECES[index % PIECES.length] ?? '');
}

function timed(work: () => void): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
