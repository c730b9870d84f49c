// Tells what a model thinks from what it says, where it writes both into one text, and takes its template's tokens out of both.
//
// A transducer of single characters: what comes out depends on the text alone, never on how it arrived. A thought stands between
// two marks at the beginning of the answer, of a line, or anywhere if they can't be words of prose; in code they are text. Where
// the template's prompt holds the first mark only the second one comes: then all before it turns out to have been a thought.
import { isUnmistakable, type ThoughtMarks, vocabularyOf } from './marks.ts';
import { createTokenReader } from './token-reader.ts';
import { createVoice, isSpace, type Voice } from './voice.ts';

/** `relabel`: everything so far was the one, not the other. */
export type CleanPiece = { type: 'text' | 'thinking'; text: string } | { type: 'relabel'; as: 'text' | 'thinking' };

export interface AnswerCleaner {
  push(piece: string): CleanPiece[];
  /** The engine tells thoughts by itself: from now on marks are text. */
  believeEngine(): void;
  /** The rest. @param isWhole whether the model came to its end by itself */
  end(isWhole: boolean): CleanPiece[];
}

export interface CleanerOptions {
  /** Of the model's family; the list must not change any more. */
  specialTokens: readonly string[];
  /** Whether the model is known to begin with a thought, marked or not. */
  beginsThinking: boolean;
}

/** Around a mark these make it one that is spoken of. */
const QUOTES = new Set('`"\'“”‘’«»„()');
const SENTENCE_ENDS = new Set('.!?…:;。！？');

export function createAnswerCleaner({ specialTokens, beginsThinking }: CleanerOptions): AnswerCleaner {
  const { tree, special, opens, loneCloses } = vocabularyOf(specialTokens);
  let said = createVoice();
  let thought: { voice: Voice; closes: ReadonlySet<string> } | null = null;
  /** Nobody has marked the thought: the model is known to begin with one. */
  let isPresumed = false;
  let readsMarks = true;
  let hasThought = false;
  /** The text speaks of such marks. */
  let mentionsMarks = false;
  /** A mark whose meaning depends on the character after it. */
  let pending: { token: string; isMark: (next: string) => boolean; take: () => void } | null = null;
  let hasCome = false;
  let pieces: CleanPiece[] = [];

  const reader = createTokenReader(tree, {
    onChar(char) {
      if (pending) settle(char);
      (thought?.voice ?? said).char(char);
    },
    onToken(token) {
      if (pending) settle(token.charAt(0));
      if (readsMarks && thought) inThought(token, thought);
      else if (readsMarks) inText(token);
      // Some engines take a thought out and leave its end.
      else if (loneCloses.has(token) && said.isBeginning()) said.skipSpace();
      else plain(token);
    },
  });
  if (beginsThinking) {
    beginThought([...loneCloses]);
    isPresumed = true;
    hasThought = false;
  }

  function inThought(token: string, { voice, closes }: NonNullable<typeof thought>): void {
    const marks = opens.get(token);
    if (marks && isPresumed && voice.isBeginning()) beginThought(marks.closes);
    else if (!closes.has(token)) plain(token);
    else if (QUOTES.has(voice.last())) pending = { token, isMark: (next) => !QUOTES.has(next), take: endThought };
    // Missed, the end would cost the whole answer: only a comma or full stop behind it tells a word of the sentence.
    else if (isSpace(voice.last())) pending = { token, isMark: (next) => !/[.,;:]/.test(next), take: endThought };
    else endThought();
  }

  function inText(token: string): void {
    const marks = opens.get(token);
    if (marks && isBeginningHere(marks)) beginThought(marks.closes);
    else if (loneCloses.has(token) && !hasThought && !said.isInFence()) loneClose(token);
    else {
      if (marks) mentionsMarks = true;
      plain(token);
    }
  }

  function isBeginningHere({ open }: ThoughtMarks): boolean {
    return said.isBeginning() || ((said.isLineBlank() || isUnmistakable(open)) && !said.isInCode());
  }

  /**
   * The end of a thought that began in the prompt, unless the text speaks of the mark in the middle of a sentence; where it has
   * spoken of marks before, only what stands in a line of its own is one.
   */
  function loneClose(token: string): void {
    const before = said.last();
    // A thought may hold a lonely backtick, but no span of code ends its line with this mark.
    if (said.isInCode()) pending = { token, isMark: isLineEnd, take: rethink };
    else if (mentionsMarks) pending = { token, isMark: (next) => said.isLineBlank() && isLineEnd(next), take: rethink };
    else if (said.isLineBlank() || (isSpace(before) && SENTENCE_ENDS.has(said.lastVisible()))) rethink();
    else if (isSpace(before)) pending = { token, isMark: isLineEnd, take: rethink };
    else pending = { token, isMark: (next) => !QUOTES.has(next), take: rethink };
  }

  function settle(next: string): void {
    const settled = pending;
    pending = null;
    if (settled?.isMark(next)) settled.take();
    else if (settled) {
      mentionsMarks ||= thought === null && !said.isInCode();
      plain(settled.token);
    }
  }

  function plain(token: string): void {
    const voice = thought?.voice ?? said;
    if (special.has(token)) voice.token(token);
    else for (const char of token) voice.char(char);
  }

  function beginThought(closes: readonly string[]): void {
    said.drop();
    flush();
    thought = { voice: createVoice(), closes: new Set(closes) };
    thought.voice.skipSpace();
    isPresumed = false;
    hasThought = true;
  }

  function endThought(): void {
    thought?.voice.end();
    flush();
    thought = null;
    isPresumed = false;
    hasThought = true;
    said.skipSpace();
  }

  function rethink(): void {
    said.drop();
    flush();
    if (hasCome) pieces.push({ type: 'relabel', as: 'thinking' });
    hasThought = true;
    said = createVoice();
    said.skipSpace();
  }

  function flush(): void {
    const text = (thought?.voice ?? said).flush();
    if (text === '') return;
    pieces.push({ type: thought ? 'thinking' : 'text', text });
    hasCome = true;
  }

  function taken(): CleanPiece[] {
    flush();
    const made = pieces;
    pieces = [];
    return made;
  }

  return {
    push(piece) {
      reader.push(piece);
      return taken();
    },
    believeEngine() {
      if (thought && !isPresumed) return;
      flush();
      thought = null;
      isPresumed = false;
      readsMarks = false;
    },
    end(isWhole) {
      reader.end();
      if (pending) settle('');
      (thought?.voice ?? said).end();
      flush();
      // A model that came to its end and thought nothing but this has said it.
      if (thought && isPresumed && isWhole && hasCome) pieces.push({ type: 'relabel', as: 'text' });
      return taken();
    },
  };
}

function isLineEnd(next: string): boolean {
  return next === '' || next === '\n' || next === '\r';
}

const NO_TOKENS: readonly string[] = [];

/** A whole answer, told apart. */
export function splitThoughts(answer: string): { thinking: string; text: string } {
  const cleaner = createAnswerCleaner({ specialTokens: NO_TOKENS, beginsThinking: false });
  const split = { thinking: '', text: '' };
  for (const piece of [...cleaner.push(answer), ...cleaner.end(true)]) {
    if (piece.type !== 'relabel') split[piece.type] += piece.text;
    else {
      const all = split.thinking + split.text;
      split.thinking = piece.as === 'thinking' ? all : '';
      split.text = piece.as === 'text' ? all : '';
    }
  }
  return split;
}
