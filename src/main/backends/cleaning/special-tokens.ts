// Takes the special tokens of a model's template out of its answer, wherever the stream is cut. What is code is kept as it
// is: there they are what the user asked about.
//
// A transducer of single characters: what comes out depends on the text alone, never on how it arrived. The longest token
// wins; what may still become one is held back. A token in code that nobody closes is held until more code follows: at the
// very end of an answer it is the template's and not the user's.
import { createCodeState } from './code-state.ts';
import { type TokenNode, treeOf } from './token-tree.ts';

export interface TokenCleaner {
  /** What is certain to be text now; '' while nothing is. */
  push(piece: string): string;
  /** The rest, at the end of the answer. */
  end(): string;
}

/** @param tokens of the model's family */
export function createTokenCleaner(tokens: readonly string[]): TokenCleaner {
  const root = treeOf(tokens);
  const code = createCodeState();
  /** The beginning of what may be a token, and the longest token it already holds. */
  let maybe = '';
  let node: TokenNode = root;
  let longest = 0;
  /** Tokens and white space in code, until it is known that the code goes on. */
  let held = '';
  let out = '';

  function keep(char: string): void {
    if (held !== '') {
      if (/\s/.test(char)) {
        held += char;
        return;
      }
      const kept = held;
      held = '';
      for (const one of kept) write(one);
    }
    write(char);
  }

  function write(char: string): void {
    code.take(char);
    out += char;
  }

  function take(char: string): void {
    const next = node.next.get(char);
    if (next) {
      maybe += char;
      node = next;
      if (next.isToken) longest = maybe.length;
      return;
    }
    if (maybe === '') {
      keep(char);
      return;
    }
    giveUp();
    take(char);
  }

  /** What was held back is a token, or else its first character is text; the rest is read again. */
  function giveUp(): void {
    const text = maybe;
    const length = longest;
    maybe = '';
    node = root;
    longest = 0;
    if (length > 0) {
      if (held !== '' || code.isInCode()) held += text.slice(0, length);
    } else keep(text.charAt(0));
    const rest = text.slice(length || 1);
    for (let at = 0; at < rest.length; at += 1) take(rest.charAt(at));
  }

  function flush(): string {
    const text = out;
    out = '';
    return text;
  }

  return {
    push(piece) {
      for (let at = 0; at < piece.length; at += 1) {
        const char = piece.charAt(at);
        if (maybe === '' && !root.next.has(char)) keep(char);
        else take(char);
      }
      return flush();
    },
    end() {
      while (maybe !== '') giveUp();
      held = '';
      return flush();
    },
  };
}
