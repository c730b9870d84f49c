// Finds tokens in a text that comes in pieces cut anywhere: characters in, characters and tokens out, in their order.
//
// The longest token wins; what may still become one is held back. What comes out depends on the text alone.
import type { TokenNode } from './token-tree.ts';

export interface TokenReader {
  push(piece: string): void;
  /** Nothing more comes: what was held back is told. */
  end(): void;
}

export interface TokenListener {
  onChar: (char: string) => void;
  onToken: (token: string) => void;
}

export function createTokenReader(root: TokenNode, { onChar, onToken }: TokenListener): TokenReader {
  /** The beginning of what may be a token, and the length of the longest that it already holds. */
  let maybe = '';
  let node = root;
  let longest = 0;

  function take(char: string): void {
    const next = node.next.get(char);
    if (next) {
      maybe += char;
      node = next;
      if (next.isToken) longest = maybe.length;
      // Nothing longer is possible: it need not wait for what follows.
      if (next.next.size === 0) giveUp();
      return;
    }
    if (maybe === '') {
      onChar(char);
      return;
    }
    giveUp();
    take(char);
  }

  /** What was held back begins with a token, or else with a character; the rest is read again. */
  function giveUp(): void {
    const text = maybe;
    const length = longest;
    maybe = '';
    node = root;
    longest = 0;
    if (length > 0) onToken(text.slice(0, length));
    else onChar(text.charAt(0));
    const rest = text.slice(length || 1);
    for (let at = 0; at < rest.length; at += 1) take(rest.charAt(at));
  }

  return {
    push(piece) {
      for (let at = 0; at < piece.length; at += 1) {
        const char = piece.charAt(at);
        if (maybe === '' && !root.next.has(char)) onChar(char);
        else take(char);
      }
    },
    end() {
      while (maybe !== '') giveUp();
    },
  };
}
