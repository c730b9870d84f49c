// What a model replied, freed of what it should not have said.

/** A thought in the text, as models write it whose engine does not tell it apart; one without an end is all there is. */
const THOUGHT = /<(think|thinking|thought|reasoning)>[\s\S]*?(?:<\/\1>|$)/gi;
/** The end of a thought whose beginning the prompt of the model had. */
const END_OF_THOUGHT = /^[\s\S]*<\/(?:think|thinking|thought|reasoning)>/i;

export function withoutThoughts(reply: string): string {
  return reply.replace(THOUGHT, '').replace(END_OF_THOUGHT, '').trim();
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
