// What a body is by its first bytes: servers call JSON text, and streams of events JSON, or call them nothing.
import type { ByteSource } from '../../diagnostics/index.ts';
import { readText } from './read-body.ts';

/** `events` by their fields, `object` for JSON over several lines, `unknown` where the first bytes tell neither. */
export type BodyForm = 'events' | 'object' | 'unknown';

/** Enough to tell the longest field of an event from other words. */
const HEAD_CHARS = 8;

/** The form of a body, and the body with all of its bytes. Rejects as its `read` does. */
export async function byFirstBytes(body: ByteSource): Promise<{ form: BodyForm; body: ByteSource }> {
  const pieces: Uint8Array[] = [];
  const decoder = new TextDecoder();
  let head = '';
  while (head.length < HEAD_CHARS) {
    const piece = await body.read();
    if (piece === null) break;
    pieces.push(piece);
    head = (head + decoder.decode(piece, { stream: true })).trimStart();
  }
  const read = () => {
    const piece = pieces.shift();
    return piece === undefined ? body.read() : Promise.resolve(piece);
  };
  return { form: formOf(head), body: { read, cancel: () => body.cancel() } };
}

function formOf(head: string): BodyForm {
  if (/^(?:(?:data|event|id|retry|error):|:)/.test(head)) return 'events';
  return /^\{[^\S\n]*\n/.test(head.replaceAll('\r\n', '\n')) ? 'object' : 'unknown';
}

const OBJECT_MAX_BYTES = 16 * 1024 * 1024;

/** JSON over several lines as the one line that readers of lines take; what is no JSON stays as it is. */
export async function inOneLine(body: ByteSource): Promise<ByteSource> {
  const { text } = await readText(body, OBJECT_MAX_BYTES);
  const line = lineOf(text);
  let rest: Uint8Array | null = new TextEncoder().encode(line);
  const read = () => {
    const piece = rest;
    rest = null;
    return Promise.resolve(piece);
  };
  return { read, cancel: () => body.cancel() };
}

function lineOf(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    // The reader tells what it is.
    return text;
  }
}
