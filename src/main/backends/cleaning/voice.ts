// One voice of an answer (what is said, or what is thought) without the special tokens of its template.
//
// Tokens that can't be anything else go wherever they stand outside code. Those that are words as well go only where a template
// puts them: before the first word, after the last one, and where a model goes on with the user's next turn. So such a one is
// held until it is known what follows; a token in code is held until more code follows, because at the very end of an answer it
// is the template's and not the user's.
import { createCodeState } from './code-state.ts';
import { isUnmistakable } from './marks.ts';

export interface Voice {
  char(char: string): void;
  /** A special token of the template. */
  token(token: string): void;
  /** White space around this place belongs to nobody. */
  skipSpace(): void;
  /** Forgets what is held: it stood before a thought. */
  drop(): void;
  /** Nothing more is said: what is held is the template's. */
  end(): void;
  /** What is certain since the last time. */
  flush(): string;
  isBeginning(): boolean;
  isInCode(): boolean;
  isInFence(): boolean;
  /** Nothing but white space since the line began. */
  isLineBlank(): boolean;
  /** The last character, and the last that is no white space; '' at the beginning. */
  last(): string;
  lastVisible(): string;
}

/** The head of the user's turn in a template whose tokens are words: after the end of an answer a model goes on by itself. */
const USER_TURN = /^\[\/?INST\]$/;

export function createVoice(): Voice {
  const code = createCodeState();
  let out = '';
  /** White space and tokens of which it is not known yet whether they are text. */
  let held = '';
  let heldTokens: string[] = [];
  let hasBegun = false;
  let skipsSpace = false;
  let hasRunAway = false;
  let isLineBlank = true;
  let last = '';
  let lastVisible = '';
  /** By the opening token: how many of them stand in the text and wait for their end, as `<s>` does. */
  const unclosed = new Map<string, number>();

  function write(char: string): void {
    code.take(char);
    out += char;
    last = char;
    if (char === '\n') isLineBlank = true;
    else if (!isSpace(char)) {
      isLineBlank = false;
      lastVisible = char;
    }
  }

  function drop(): void {
    held = '';
    heldTokens = [];
  }

  /** What was held is text after all. */
  function release(): void {
    const kept = held;
    for (const token of heldTokens) count(token);
    drop();
    skipsSpace = false;
    hasBegun = true;
    for (const one of kept) write(one);
  }

  function count(token: string): void {
    const opener = openerOf(token);
    const open = unclosed.get(opener) ?? 0;
    unclosed.set(opener, opener === token ? open + 1 : Math.max(0, open - 1));
  }

  return {
    char(char) {
      if (!hasBegun || skipsSpace || held !== '') {
        if (isSpace(char)) {
          if (!skipsSpace) held += char;
          return;
        }
        release();
      }
      write(char);
    },
    token(token) {
      const isHeld = hasBegun && !skipsSpace && (code.isInCode() || (!isUnmistakable(token) && !hasRunAway));
      const [ended] = heldTokens;
      const isUserTurn = ended !== undefined && isEnd(ended) && USER_TURN.test(token) && !code.isInCode();
      if (isUserTurn) hasRunAway = true;
      if (isHeld && !isUserTurn) {
        held += token;
        heldTokens.push(token);
      } else if (hasBegun) drop();
    },
    skipSpace() {
      drop();
      skipsSpace = true;
    },
    drop,
    end() {
      const [first] = heldTokens;
      if (!hasBegun) for (const one of held) write(one);
      else if (first !== undefined && !code.isInCode() && closes(first)) for (const one of first) write(one);
      drop();
    },
    flush() {
      const text = out;
      out = '';
      return text;
    },
    isBeginning: () => !hasBegun,
    isInCode: () => code.isInCode(),
    isInFence: () => code.isInFence(),
    isLineBlank: () => isLineBlank,
    last: () => last,
    lastVisible: () => lastVisible,
  };

  /** The end of something that was opened in the text is text, also as its last word. */
  function closes(token: string): boolean {
    const opener = openerOf(token);
    return opener !== token && (unclosed.get(opener) ?? 0) > 0;
  }

  /** Of the answer, not of something in it. */
  function isEnd(token: string): boolean {
    return openerOf(token) !== token && !closes(token);
  }
}

/** `<s>` of `</s>`; an opening token is its own. */
function openerOf(token: string): string {
  return token.replace(/^([<[])\//, '$1');
}

export function isSpace(char: string): boolean {
  return char === ' ' || char === '\n' || char === '\t' || (char !== '' && char.trim() === '');
}
