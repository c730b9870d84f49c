// Words of a text and what two texts have in common, in any language.

/** Words that say nothing of what a text is about, in the languages that are written with spaces and used most. */
const EMPTY = new Set(
  (
    'the and for with from that this are was were has have had not but you your they them their his her its our who what ' +
    'when where why how can could will would should does did user person also very just into than then there about like ' +
    'likes lives live works work uses use der die das und ist ein eine nicht mit von für les des une est pas pour avec ' +
    'los las una por para con que del og en et det som til av på har'
  ).split(' '),
);
/** Inflections differ behind this: `children` and `child`, `Katze` and `Katzen`. */
const STEM_CHARS = 5;

/** The words of a text that carry meaning, in lower case, long ones cut to their stem. */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    const word = segment.normalize('NFKC').toLowerCase();
    if (isWordLike === true && isTelling(word))
      words.add(word.slice(0, Math.max(STEM_CHARS, Math.ceil(word.length / 2))));
  }
  return words;
}

/** How many words the two have in common. */
export function sharedWords(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return [...a].filter((word) => b.has(word)).length;
}

/** Two letters say little where words are made of letters; one sign of Chinese or Japanese may be a word. */
function isTelling(word: string): boolean {
  if (EMPTY.has(word)) return false;
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]|\d/u.test(word)
    ? true
    : word.length > 2;
}
