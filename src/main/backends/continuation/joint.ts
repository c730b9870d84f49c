// Where an answer that was cut meets what a model wrote when it was asked to go on: what it repeats is dropped, once.

/** Nobody repeats more of an answer before going on. */
const OVERLAP_MAX_CHARS = 400;
/** Whole words that are repeated and shorter than this may stand there twice for a reason. */
const OVERLAP_MIN_CHARS = 4;
/** So much that is the same is no accident, wherever it begins. */
const OVERLAP_SURE_CHARS = 20;

export interface Joint {
  /** Takes the next piece. @returns what is to be shown of what has come */
  push(piece: string): string;
  /** No more comes. @returns what was held back */
  end(): string;
}

/** @param before the answer so far */
export function createJoint(before: string): Joint {
  const tail = before.slice(-OVERLAP_MAX_CHARS);
  let held = '';
  let isOver = false;

  function settle(): string {
    isOver = true;
    return joined(before, held);
  }

  return {
    push(piece) {
      if (isOver) return piece;
      held += piece;
      const said = held.trimStart();
      const mayRepeat = said === '' || (said.length <= tail.length && tail.includes(said));
      return mayRepeat ? '' : settle();
    },
    end: () => (isOver ? '' : settle()),
  };
}

/** What follows the answer so far, without what it repeats of its end, and with the space that models leave out. */
function joined(before: string, after: string): string {
  const said = after.trimStart();
  const repeated = overlap(before, said);
  if (repeated > 0) return said.slice(repeated);
  return said === after && needsSpace(before, said) ? ` ${after}` : after;
}

/** How many characters at the beginning of what was said are the end of what is there. */
function overlap(before: string, said: string): number {
  for (let length = Math.min(said.length, before.length, OVERLAP_MAX_CHARS); length > 1; length -= 1)
    if (before.endsWith(said.slice(0, length)) && isRepetition(before, said, length)) return length;
  return 0;
}

function isRepetition(before: string, said: string, length: number): boolean {
  if (length >= OVERLAP_SURE_CHARS) return true;
  const startsWord = !WORD_AT_END.test(before.slice(0, -length)) || !WORD_AT_START.test(said);
  // It was cut within a word, which is said as a whole now.
  const isWordCompleted = WORD_AT_END.test(before) && WORD_AT_START.test(said.slice(length));
  return startsWord && (isWordCompleted || length >= OVERLAP_MIN_CHARS);
}

/** Asked for the next word, a model begins with the word. What is code, or a script without spaces, is left as it came. */
function needsSpace(before: string, said: string): boolean {
  const isInCode = (before.match(/^\s*```/gm)?.length ?? 0) % 2 === 1;
  return !isInCode && (WORD_AT_END.test(before) || /[,;:.!?]$/.test(before)) && WORD_AT_START.test(said);
}

const WORD = '[\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}\\p{Script=Arabic}\\p{Script=Hebrew}\\p{N}]';
const WORD_AT_END = new RegExp(`${WORD}$`, 'u');
const WORD_AT_START = new RegExp(`^${WORD}`, 'u');
