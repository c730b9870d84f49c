// What is a loop that a model does not leave, and what was meant.
import { expect, test } from 'vitest';
import { createRepetitionWatch } from '../../../src/main/backends/ending/repetition.ts';

/** How many characters of the answer had come when it was stopped; null: it never was. */
function stoppedAt(answer: string, { question = 'Tell me a story.', pieceChars = 4 } = {}): number | null {
  const watch = createRepetitionWatch(question);
  for (let at = 0; at < answer.length; at += pieceChars)
    if (watch.push(answer.slice(at, at + pieceChars))) return Math.min(answer.length, at + pieceChars);
  return null;
}

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');
const story = lines(60, (index) => `On day ${index} the cook put ${index * 7} eggs into a pan of size ${index % 9}.`);
const paragraph = lines(12, (index) => `Sentence ${index} of the same paragraph says what it said before.`);
const refrain =
  'Row, row, row your boat,\nGently down the stream.\nMerrily, merrily, merrily, merrily,\nLife is but a dream.\n';

test.each([
  ['one line for ever', `${story}\n${'I am a helpful assistant.\n'.repeat(2_000)}`],
  ['a short unit', `${story}${' the'.repeat(5_000)}`],
  ['one character', `${story}${'!'.repeat(9_000)}`],
  ['blank lines', `${story}${'\n'.repeat(9_000)}`],
  ['a special token', '<|im_start|>'.repeat(2_000)],
  ['a list of two things', `${story}\n${'- Be kind.\n- Be honest.\n'.repeat(500)}`],
  ['a whole paragraph', `${story}\n${`${paragraph}\n\n`.repeat(20)}`],
  ['characters beyond the first plane', '🌲🌳'.repeat(3_000)],
  ['a line of code', `\`\`\`js\n${'console.log("hello");\n'.repeat(2_000)}`],
  [
    'what was asked for, without end',
    'I will not talk in class.\n'.repeat(5_000),
    'Write "I will not talk in class" 100 times',
  ],
])('%s is stopped', (_name, answer, question = 'Tell me a story.') => {
  const at = stoppedAt(answer, { question });
  expect(at).not.toBeNull();
  // Long before its end, and wherever it is cut into pieces.
  expect(at).toBeLessThan(story.length + 15_000);
  for (const pieceChars of [1, 7, 333]) expect(stoppedAt(answer, { question, pieceChars })).not.toBeNull();
});

test.each([
  ['a long text', lines(3_000, (index) => `Line ${index}: ${index * 31} of ${index % 17}.`)],
  ['counting', lines(5_000, String)],
  ['a song with its refrain', lines(10, (index) => `Verse ${index} tells of day ${index}.\n${refrain}`)],
  ['a refrain sung four times', `${refrain.repeat(4)}The end.`],
  ['a rule across the page', `${story}\n${'-'.repeat(400)}\n${story}`],
  [
    'a table with a wide head',
    `| a | b |\n|${'-'.repeat(300)}|${'-'.repeat(300)}|\n${lines(30, (index) => `| ${index} | |`)}`,
  ],
  ['an empty timetable', `| | Mon | Tue |\n|---|---|---|\n${'| | | | | | | |\n'.repeat(60)}`],
  ['a matrix of zeros', '0 0 0 0 0 0 0 0 0 0\n'.repeat(10)],
  ['zeros in code', `\`\`\`c\nint zeros[] = {\n${'0, 0, 0, 0, 0, 0, 0, 0,\n'.repeat(200)}};\n\`\`\``],
  ['repeated lines in code', `\`\`\`html\n${'<tr><td></td><td></td></tr>\n'.repeat(150)}</table>\n\`\`\``],
  ['a picture of characters', lines(40, (index) => `${' '.repeat(40 - index)}${'*'.repeat(index * 2 + 1)}`)],
  ['deep indentation', lines(40, (index) => `${' '.repeat(index * 20)}x`)],
  [
    'a hundred lines that were asked for',
    'I will not talk in class.\n'.repeat(100),
    'Write "I will not talk in class." a hundred times',
  ],
  ['a word that was asked for', 'banana '.repeat(600), 'Say banana 600 times.'],
])('%s is not', (_name, answer, question = 'Tell me a story.') => {
  for (const pieceChars of [1, 4, 333]) expect(stoppedAt(answer, { question, pieceChars })).toBeNull();
});

test('the count begins anew with a new watch', () => {
  const loop = 'The same again. '.repeat(1_000);
  const first = stoppedAt(loop) ?? 0;
  expect(first).toBeGreaterThan(0);
  // What came before the first watch stopped is not held against the second.
  expect(stoppedAt('The same again. '.repeat(60))).toBeNull();
});

test('a character costs the same at every length: megabytes go through', () => {
  const watch = createRepetitionWatch('Count.');
  for (let index = 0; index < 400_000; index += 1) if (watch.push(`${index} `)) throw new Error(`stopped at ${index}`);
});
