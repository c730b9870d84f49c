// Text that is too long for a field: laying it out would stop the window, so it stands beside what is typed.

/** From here on each key in the field is felt: it lays out every line, at about 8 microseconds a line on a slow computer. */
const LINES_MAX = 1_000;
const CHARS_MAX = 50_000;

/** Whether a text is not put into a field. Looks at no more of it than it must. */
export function isLong(text: string): boolean {
  return text.length > CHARS_MAX || countLines(text, LINES_MAX + 1) > LINES_MAX;
}

/** @param most where counting may stop */
export function countLines(text: string, most = Infinity): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines < most; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

const BETWEEN = '\n\n';

/** What is typed and the long text beside it, as the one text that is sent. */
export function joinLong(typed: string, beside: string): string {
  return typed === '' ? beside : beside === '' ? typed : typed + BETWEEN + beside;
}

/**
 * The two parts again.
 * @param typed what was typed so far, as far as it is known; a text that comes from elsewhere is taken as one
 */
export function splitLong(draft: string, typed: string): { typed: string; beside: string } {
  if (!isLong(draft)) return { typed: draft, beside: '' };
  const isKnown = typed !== '' && draft.startsWith(typed + BETWEEN);
  return isKnown ? { typed, beside: draft.slice(typed.length + BETWEEN.length) } : { typed: '', beside: draft };
}
