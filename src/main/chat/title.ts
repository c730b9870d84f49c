// The name of a new conversation: the first line of its question. Where there is too little room the screen cuts it, nobody before.
import { TITLE_MAX_CHARS } from '../../contract/limits.ts';

/** Of a question of megabytes only the beginning is looked at. */
const LOOKED_AT_CHARS = 4_000;
/** Marks of headings, lists, quotes and code fences in front of a line. */
const LEADING_MARKS = /^(?:[#>*+\-•]+\s+|`{3,}\S*\s*|\s)+/;

/** The first line with words, whole; only one that is longer than a title may be ends at a word, with an ellipsis. */
export function titleOf(question: string): string {
  const lines = question
    .trimStart()
    .slice(0, LOOKED_AT_CHARS)
    .split(/[\r\n]+/);
  const words = lines.map((line) => line.replace(LEADING_MARKS, '').replace(/\s+/g, ' ').trim());
  return cut(words.find((line) => /[\p{L}\p{N}]/u.test(line)) ?? words.find((line) => line !== '') ?? question.trim());
}

/** With room for the ellipsis. */
const CUT_CHARS = TITLE_MAX_CHARS - 1;

function cut(line: string): string {
  if (line.length <= TITLE_MAX_CHARS) return line;
  const room = line.slice(0, CUT_CHARS + 1);
  const lastSpace = room.lastIndexOf(' ');
  const kept = lastSpace > CUT_CHARS / 2 ? room.slice(0, lastSpace) : wholeCharacters(line);
  return `${kept.replace(/[\s,;:.\-–—]+$/u, '')}…`;
}

/** As many whole characters, as people see them, as fit. */
function wholeCharacters(line: string): string {
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(line.slice(0, CUT_CHARS * 2))) {
    if (kept.length + segment.length > CUT_CHARS) break;
    kept += segment;
  }
  return kept === '' ? line.slice(0, CUT_CHARS) : kept;
}
