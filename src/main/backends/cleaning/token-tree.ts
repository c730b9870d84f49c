// Tokens as a tree of characters: which of them a text may still become.

export interface TokenNode {
  readonly next: ReadonlyMap<string, TokenNode>;
  /** Whether a token ends here. */
  readonly isToken: boolean;
}

interface Growing {
  next: Map<string, Growing>;
  isToken: boolean;
}

/** @param tokens of any length; empty ones are left out */
export function treeOf(tokens: readonly string[]): TokenNode {
  const root: Growing = { next: new Map(), isToken: false };
  for (const token of tokens) {
    let node = root;
    for (let at = 0; at < token.length; at += 1) {
      const char = token.charAt(at);
      let child = node.next.get(char);
      if (!child) node.next.set(char, (child = { next: new Map(), isToken: false }));
      node = child;
    }
    if (node !== root) node.isToken = true;
  }
  return root;
}
