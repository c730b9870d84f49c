// A growing answer for screen readers: whole sentences, at most one announcement per pause, and how it ended.

/** Between two announcements, in ms. */
export const ANNOUNCE_EVERY_MS = 1_500;

export interface Announcer {
  /** The whole text so far. Cheap: it is looked at once per pause. */
  feed(text: string): void;
  /** Says what is left, then `ending`. */
  finish(text: string, ending: string): void;
  /** Says nothing more; returns how much of the text was said, in characters. */
  end(): number;
}

/**
 * @param describeCode says a block of code in a few words instead of reading it out
 * @param saidChars how much of the text was said before
 */
export function createAnnouncer(
  say: (words: string) => void,
  describeCode: (language: string, lines: number) => string,
  saidChars = 0,
): Announcer {
  let latest = '';
  let offset = saidChars;
  let ending: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const speak = () => {
    timer = undefined;
    const { words, next } = wholeSentences(latest, offset, { describeCode, isFinished: ending !== null });
    const hasNews = next > offset;
    offset = next;
    const spoken = ending === null ? words : [words, ending].filter(Boolean).join(' ');
    if (spoken !== '') say(spoken);
    if (ending === null && hasNews) timer = setTimeout(speak, ANNOUNCE_EVERY_MS);
  };

  /** Shorter than before, it is another one: what was said turned out to be a thought. */
  const take = (text: string) => {
    if (text.length < latest.length) offset = 0;
    latest = text;
  };

  return {
    feed(text) {
      take(text);
      timer ??= setTimeout(speak, ANNOUNCE_EVERY_MS);
    },
    finish(text, words) {
      take(text);
      ending = words;
      timer ??= setTimeout(speak, 0);
    },
    end() {
      clearTimeout(timer);
      timer = undefined;
      return offset;
    },
  };
}

export interface SentenceOptions {
  describeCode: (language: string, lines: number) => string;
  /** What is left counts as a sentence. */
  isFinished: boolean;
}

/** What can be said of `text` from `offset` on, and up to where that reaches. */
export function wholeSentences(
  text: string,
  offset: number,
  options: SentenceOptions,
): { words: string; next: number } {
  const said: string[] = [];
  let next = offset;
  while (next < text.length) {
    const fence = FENCE.exec(text.slice(next, next + FENCE_LOOK));
    const piece = fence ? codeAt(text, next, fence, options) : sentenceAt(text, next, options.isFinished);
    if (piece === null) break;
    if (piece.words !== '') said.push(piece.words);
    next = piece.next;
  }
  return { words: said.join(' '), next };
}

const FENCE = /^\s*(`{3,}|~{3,})([^\n`]*)\n/;
const FENCE_LOOK = 200;
const SENTENCE_END = /[.!?…:](?=\s)|[。！？]|\n/g;

interface Piece {
  words: string;
  next: number;
}

function codeAt(text: string, at: number, fence: RegExpExecArray, options: SentenceOptions): Piece | null {
  const [opening, marks = '```', language = ''] = fence;
  const from = at + opening.length;
  const close = new RegExp(`^[ \\t]*${marks}[ \\t]*$`, 'm').exec(text.slice(from));
  if (!close && !options.isFinished) return null;
  const code = text.slice(from, close ? from + close.index : undefined);
  const lines = code.replace(/\n$/, '').split('\n').length;
  return {
    words: options.describeCode(language.trim(), lines),
    next: close ? from + close.index + close[0].length : text.length,
  };
}

function sentenceAt(text: string, at: number, isFinished: boolean): Piece | null {
  SENTENCE_END.lastIndex = at;
  const end = SENTENCE_END.exec(text);
  if (!end && !isFinished) return null;
  const next = end ? end.index + end[0].length : text.length;
  return { words: withoutMarks(text.slice(at, next)), next };
}

/** Markdown's signs are for the eye. */
function withoutMarks(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:#{1,6}|>|[-+*])\s+/, '')
    .replace(/^\s*\|?[\s:|-]+\|?\s*$/, '')
    .replace(/[*_`]{1,3}|~~/g, '')
    .replace(/\s*\|\s*/g, ', ')
    .replace(/^[,\s]+|[,\s]+$/g, '');
}
