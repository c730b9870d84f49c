// The output of the child as lines, and the last of them for a message.
import { StringDecoder } from 'node:string_decoder';

/** A longer line is cut into pieces: no output can make Hearth hold more than this. */
const MAX_LINE_CHARS = 64 * 1024;
const SAID_CHARS = 200;

/** Cuts chunks into lines; `end` gives what was left without a line feed. Passwords in URLs are masked. */
export function lineCutter(): { push(chunk: Buffer): string[]; end(): string[] } {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const cut = (text: string): string[] => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_CHARS) {
      lines.push(rest);
      rest = '';
    }
    return lines.map((line) => masked(line.replace(/\r$/, '')));
  };
  return {
    push: (chunk) => cut(decoder.write(chunk)),
    end: () => cut(`${decoder.end()}\n`).filter((line) => line !== ''),
  };
}

/**
 * Where `ollama serve` says it listens: `msg="Listening on 127.0.0.1:36865 (version 0.24.0)"`. One that listens on every
 * interface says `[::]`.
 */
export function listening(line: string): { port: number; version: string } | null {
  const found = /msg="Listening on (?:127\.0\.0\.1|0\.0\.0\.0|\[::\]):(\d{1,5}) \(version ([^)]*)\)"/.exec(line);
  return found ? { port: Number(found[1]), version: found[2] ?? '' } : null;
}

/** What the program said of its end: its last `Error:` line, else its last line; null when it said nothing. */
export function lastWords(lines: readonly string[]): string | null {
  const spoken = lines.filter((line) => line.trim() !== '');
  const error = spoken.findLast((line) => line.startsWith('Error: '));
  const words = error?.slice('Error: '.length) ?? spoken.at(-1)?.trim();
  if (words === undefined) return null;
  return words.length > SAID_CHARS ? `${words.slice(0, SAID_CHARS)}…` : words;
}

/** The server prints its environment at the start, and a proxy's URL may hold a password. */
function masked(line: string): string {
  return line.includes('@') ? line.replace(/\/\/[^\s/@]*:[^\s/@]*@/g, '//***@') : line;
}
