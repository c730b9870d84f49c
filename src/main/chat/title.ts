// The name of a new conversation: the first words of its question.

/** A title ends at a word around this length; the rest is one click away. */
const TITLE_CHARS = 60;
/** Of a question of megabytes only the beginning is looked at. */
const LOOKED_AT_CHARS = 4_000;
/** Marks of headings, lists, quotes and code fences in front of a line. */
const LEADING_MARKS = /^(?:[#>*+\-•]+\s+|`{3,}\S*\s*|\s)+/;

/** One line of at most 60 characters and an ellipsis: the first line with words, cut at a word where there is one. */
export function titleOf(question: string): string {
  const lines = question
    .trimStart()
    .slice(0, LOOKED_AT_CHARS)
    .split(/[\r\n]+/);
  const words = lines.map((line) => line.replace(LEADING_MARKS, '').replace(/\s+/g, ' ').trim());
  return cut(words.find((line) => /[\p{L}\p{N}]/u.test(line)) ?? words.find((line) => line !== '') ?? question.trim());
}

function cut(line: string): string {
  if (line.length <= TITLE_CHARS) return line;
  const room = line.slice(0, TITLE_CHARS + 1);
  const lastSpace = room.lastIndexOf(' ');
  const kept = lastSpace > TITLE_CHARS / 2 ? room.slice(0, lastSpace) : wholeCharacters(line);
  return `${kept.replace(/[\s,;:.\-–—]+$/u, '')}…`;
}

/** As many whole characters, as people see them, as fit. */
function wholeCharacters(line: string): string {
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(line.slice(0, TITLE_CHARS * 2))) {
    if (kept.length + segment.length > TITLE_CHARS) break;
    kept += segment;
  }
  return kept === '' ? line.slice(0, TITLE_CHARS) : kept;
}
