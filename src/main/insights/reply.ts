// What a model replied, freed of what it should not have said.
import { splitThoughts } from '../backends/index.ts';

/** Of a thought without an end nothing is left. */
export function withoutThoughts(reply: string): string {
  return splitThoughts(reply).text.trim();
}

/** The JSON value in a reply, also with words or a code fence around it; undefined when there is none. */
export function jsonIn(reply: string): unknown {
  const words = withoutThoughts(reply);
  const spans = [words, between(words, '{', '}'), between(words, '[', ']')];
  for (const span of spans) {
    try {
      const value: unknown = JSON.parse(span);
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // The next reading.
    }
  }
  return undefined;
}

function between(words: string, open: string, close: string): string {
  return words.slice(words.indexOf(open), words.lastIndexOf(close) + 1);
}
