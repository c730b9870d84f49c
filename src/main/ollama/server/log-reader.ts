// The last lines of the log, read from its end: how long the file is does not matter.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { previousLogPath } from './log-file.ts';

const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 10;

/** At most `count` lines, oldest first; from the file before where this one has fewer. No file is an empty one. */
export async function readLastLines(logPath: string, count: number): Promise<string[]> {
  const lines = await lastLinesOf(logPath, count);
  if (lines.length >= count) return lines;
  return [...(await lastLinesOf(previousLogPath(logPath), count - lines.length)), ...lines];
}

async function lastLinesOf(path: string, count: number): Promise<string[]> {
  if (count <= 0) return [];
  const file = await open(path, 'r').catch(unlessMissing);
  if (file === null) return [];
  try {
    const end = await readEnd(file, count);
    const lines = end.toString('utf8').split('\n');
    // Behind the last line feed there is nothing, unless a line is being written.
    if (lines.at(-1) === '') lines.pop();
    return lines.slice(-count);
  } finally {
    await file.close();
  }
}

/** The end of the file that holds so many lines, piece by piece; what stands before the first of them is cut off. */
async function readEnd(file: FileHandle, count: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let position = (await file.stat()).size;
  // The line feed that ends the last line separates nothing.
  let wanted = count + 1;
  while (position > 0 && wanted > 0) {
    const length = Math.min(CHUNK_BYTES, position);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position - length);
    // The file became shorter meanwhile: what was read of it has to do.
    if (bytesRead < length) break;
    position -= length;
    let at = buffer.length;
    while (wanted > 0 && at > 0 && (at = buffer.lastIndexOf(LINE_FEED, at - 1)) >= 0) wanted -= 1;
    pieces.unshift(wanted > 0 ? buffer : buffer.subarray(at + 1));
  }
  return Buffer.concat(pieces);
}

function unlessMissing(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return null;
}
