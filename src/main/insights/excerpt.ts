// A long message as the background gets to read it.

/** Stands where something was left out. */
const GAP = '\n[…]\n';
/** The beginning says what it is about; what was wanted often comes last, below pasted text. */
const SHARE_OF_BEGINNING = 2 / 3;

/** What a cut through a character of two units leaves. */
const HALVES = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** The beginning of a tag that `quoted` sets. */
const TAG = /<(?=\s*\/?\s*(?:message|answer)\b)/gi;

/** An excerpt between tags; what looks like one of them in the message ends nothing. */
export function quoted(tag: 'message' | 'answer', message: string, maxChars: number): string {
  return `<${tag}>\n${excerptOf(message, maxChars).replace(TAG, '‹')}\n</${tag}>`;
}

/** At most so many characters (UTF-16 units): the first two thirds and the last third of them, and a gap. */
export function excerptOf(message: string, maxChars: number): string {
  if (message.length <= maxChars) return message;
  const room = maxChars - GAP.length;
  const beginning = Math.ceil(room * SHARE_OF_BEGINNING);
  const cut = `${message.slice(0, beginning)}${GAP}${message.slice(message.length - (room - beginning))}`;
  return cut.replace(HALVES, '');
}
