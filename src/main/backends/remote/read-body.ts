// Bodies that are read as one text, with a bound, and the ends of those that nobody needs any more.
import type { ByteSource } from '../../diagnostics/index.ts';

export interface BodyText {
  text: string;
  /** False: there was more than the limit; the rest was not read and its connection ended. */
  isWhole: boolean;
}

/**
 * The body as UTF-8 text, at most so many bytes of it. Rejects as the body's `read` does.
 * @param onPiece called with every piece, so that a limit on silence can begin anew
 */
export async function readText(body: ByteSource, maxBytes: number, onPiece: () => void = () => {}): Promise<BodyText> {
  const decoder = new TextDecoder();
  const texts: string[] = [];
  let restBytes = maxBytes;
  for (let piece = await body.read(); piece !== null; piece = await body.read()) {
    onPiece();
    texts.push(decoder.decode(piece.subarray(0, restBytes), { stream: true }));
    if (piece.byteLength > restBytes) {
      body.cancel();
      return { text: texts.join(''), isWhole: false };
    }
    restBytes -= piece.byteLength;
  }
  return { text: texts.join('') + decoder.decode(), isWhole: true };
}

const DRAIN_LIMIT_MS = 1_000;

/** Reads past the end of an answer, so that its connection can be used again. Never rejects, ends within a second. */
export async function drain(body: ByteSource): Promise<void> {
  const timer = setTimeout(() => body.cancel(), DRAIN_LIMIT_MS);
  try {
    while ((await body.read()) !== null);
  } catch {
    // The answer was complete: a connection that breaks after it takes nothing away.
  } finally {
    clearTimeout(timer);
  }
}
