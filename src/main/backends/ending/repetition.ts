// Notices that a model says the same thing over and over: small ones get caught in a line and never leave it.
//
// An answer repeats itself when its end is nothing but one unit (a character, a line, a paragraph) after another, for so long
// that nobody can have meant it. Where repetition is usual, in code and where the question itself has the words, it takes more.
import { createCodeState } from '../cleaning/code-state.ts';

/** So many characters of repetition are no style any more… */
const PLAIN_CHARS = 1_500;
/** …and so many are none where repetition is to be expected: a hundred lines of punishment, a table of zeros. */
const EXPECTED_CHARS = 12_000;
/** A long unit has to come this often. */
const TIMES_MIN = 4;
/** Longer units are not looked for. */
const UNIT_MAX_CHARS = 1_500;
/** Shorter ones stand in many a question by accident. */
const QUOTED_MIN_CHARS = 4;
/** What is asked for stands at the beginning of a question, before what is pasted. */
const QUOTED_LOOK_CHARS = 4_000;
/** How much new text is worth a look. A look costs as much as its window, so a character costs the same at every length. */
const LOOK_EVERY_CHARS = 250;

export interface RepetitionWatch {
  /** Takes the next piece of the answer. @returns whether the answer repeats itself by now */
  push(piece: string): boolean;
}

/** @param question what was asked: words that stand in it may have been asked for many times over */
export function createRepetitionWatch(question: string): RepetitionWatch {
  const code = createCodeState();
  let seen = '';
  let pieces: string[] = [];
  let unseenChars = 0;

  function look(): boolean {
    const unseen = pieces.join('');
    pieces = [];
    unseenChars = 0;
    for (const char of unseen) code.take(char);
    seen = (seen + unseen).slice(-EXPECTED_CHARS);
    const unit = repeatedUnit(seen.slice(-UNIT_MAX_CHARS * TIMES_MIN));
    if (unit === null) return false;
    const isExpected = code.isInCode() || isQuoted(unit, question);
    return !isExpected || (seen.length === EXPECTED_CHARS && hasPeriod(seen, unit.length));
  }

  return {
    push(piece) {
      pieces.push(piece);
      unseenChars += piece.length;
      return unseenChars >= LOOK_EVERY_CHARS && look();
    },
  };
}

/** The shortest unit whose repetition the end of the text is; null where it is none, or not long enough. */
function repeatedUnit(text: string): string | null {
  // The failure function of Knuth, Morris and Pratt, from the end backwards: of each ending its longest border, and so its
  // shortest period.
  const borders = new Int32Array(text.length);
  const at = (index: number) => text.charCodeAt(text.length - 1 - index);
  let border = 0;
  for (let index = 1; index < text.length; index += 1) {
    while (border > 0 && at(index) !== at(border)) border = borders[border - 1] ?? 0;
    if (at(index) === at(border)) border += 1;
    borders[index] = border;
    const length = index + 1;
    const period = length - border;
    if (length >= PLAIN_CHARS && period <= UNIT_MAX_CHARS && period * TIMES_MIN <= length) return text.slice(-period);
  }
  return null;
}

function hasPeriod(text: string, period: number): boolean {
  return text.startsWith(text.slice(period));
}

/** Whether the question has the words of the unit, from whichever of them the repetition is counted. */
function isQuoted(unit: string, question: string): boolean {
  // The unit may begin in the middle of a word.
  const words = plain(unit.repeat(3));
  const length = (words.length - plain(unit).length) / 2;
  if (length <= QUOTED_MIN_CHARS) return false;
  const asked = plain(question.slice(0, QUOTED_LOOK_CHARS));
  for (let from = 0; from < words.length - length; from = words.indexOf(' ', from) + 1 || words.length)
    if (asked.includes(words.slice(from, from + length).trim())) return true;
  return false;
}

/** Letters, digits and single spaces. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
