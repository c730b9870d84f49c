// What a file really holds: its sha256, read piece by piece.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const PIECE_BYTES = 256 * 1024;

/**
 * The sha256 in hexadecimal.
 *
 * @param options.onProgress bytes read so far
 */
export async function sha256Of(
  file: string,
  options: { signal: AbortSignal; onProgress: (bytes: number) => void },
): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES, signal: options.signal })) {
    hash.update(piece as Buffer);
    bytes += (piece as Buffer).length;
    options.onProgress(bytes);
  }
  return hash.digest('hex');
}
