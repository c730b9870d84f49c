// What a line of the log is made of: times to step back, words of trouble to stand out, places that match a search.
import { escaped } from './log-lines.ts';

export type SegmentKind = 'plain' | 'quiet' | 'warn' | 'error';

export interface LogSegment {
  /** Where it begins in the line. */
  at: number;
  text: string;
  kind: SegmentKind;
  /** Whether this is what is looked for. */
  isMatch: boolean;
}

interface Span {
  from: number;
  to: number;
  kind: SegmentKind;
}

/** What a line is cut by; the pieces together are the line again, letter for letter. */
export function logSegments(line: string, sought = ''): LogSegment[] {
  const matches = sought === '' ? [] : [...line.matchAll(new RegExp(escaped(sought), 'gi'))].map(spanOf);
  const segments: LogSegment[] = [];
  const push = (from: number, to: number, kind: SegmentKind) => {
    let at = from;
    for (const match of matches) {
      if (match.to <= at || match.from >= to) continue;
      if (match.from > at) segments.push({ at, text: line.slice(at, match.from), kind, isMatch: false });
      const start = Math.max(at, match.from);
      at = Math.min(to, match.to);
      segments.push({ at: start, text: line.slice(start, at), kind, isMatch: true });
    }
    if (at < to) segments.push({ at, text: line.slice(at, to), kind, isMatch: false });
  };
  let at = 0;
  for (const { from, to, kind } of marks(line)) {
    if (from > at) push(at, from, 'plain');
    push(from, to, kind);
    at = to;
  }
  if (at < line.length) push(at, line.length, 'plain');
  return segments;
}

/** Ollama's own lines are `time=… level=WARN source=… msg=…`, its server's `[GIN] 2026/… | 500 | …`; others begin with a word. */
const TIME = /^(?:time=\S+|\[GIN-debug\]|\[GIN\] [\d/]+ - [\d:]+|\d{4}[-/]\d\d[-/]\d\d[T ][\d:.,]+\S*)/;
const LEVEL = /(?:\blevel=|(?<=^\[GIN-debug\] )\[)(?:(WARN)\w*|(ERROR|FATAL|PANIC)|INFO|DEBUG|TRACE)/i;
const GIN_STATUS = /^\[GIN\][^|]*\|\s*(?:(4\d\d)|(5\d\d))\s*\|/;
const WORD = /^\s*(?:(warn(?:ing)?)|(error|fatal|panic)(?: error)?)\b:?/i;

function marks(line: string): Span[] {
  const spans: Span[] = [];
  const time = TIME.exec(line);
  if (time) spans.push({ ...spanOf(time), kind: 'quiet' });
  const level = LEVEL.exec(line);
  if (level) spans.push({ ...spanOf(level), kind: toneOf(level) ?? 'quiet' });
  const status = GIN_STATUS.exec(line);
  if (status) {
    const code = status[1] ?? status[2] ?? '';
    const from = status[0].lastIndexOf(code);
    spans.push({ from, to: from + code.length, kind: toneOf(status) ?? 'plain' });
  }
  const word = time ? null : WORD.exec(line);
  if (word && !level) spans.push({ ...spanOf(word), kind: toneOf(word) ?? 'plain' });
  return spans.toSorted((a, b) => a.from - b.from).filter((span, index, all) => span.from >= (all[index - 1]?.to ?? 0));
}

function spanOf(match: RegExpExecArray): { from: number; to: number } {
  return { from: match.index, to: match.index + match[0].length };
}

function toneOf(match: RegExpExecArray): SegmentKind | null {
  if (match[1] !== undefined) return 'warn';
  return match[2] === undefined ? null : 'error';
}
