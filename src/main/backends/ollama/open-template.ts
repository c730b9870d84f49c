// Whether a template of Ollama leaves a last message of the assistant open, so that the model writes on from there.

/** The condition under which templates of Ollama's library close an answer: unless it is the last message. */
const CLOSES_UNLESS_LAST = /\{\{-?\s*if\s+not\s+(?:\$last|\(eq\s+\(len\s+\(slice\s+\$\.Messages\s+\$i\)\)\s+1\))/;
/** What begins the next answer, written after whichever message was the last. */
const BEGINS_NEXT_ALWAYS = /\}\}\s*[^\s{}][^{}]*$/;

/**
 * A template without a list of messages is cut by Ollama behind the answer it is given. One with a list must not close the
 * last answer, and must not begin another one after it.
 */
export function leavesLastOpen(template: string): boolean {
  if (!/\.Messages\b/.test(template)) return /\.Response\b/.test(template);
  return CLOSES_UNLESS_LAST.test(template) && !BEGINS_NEXT_ALWAYS.test(template);
}
