// Reads an output of the child line by line, no faster than the reader takes them.
import type { Readable } from 'node:stream';
import { lineCutter } from './lines.ts';

/** @param onLines while its promise is pending nothing more is read, so that a flood is held back in the child */
export function readOutput(stream: Readable, onLines: (lines: string[]) => Promise<void>): void {
  const lines = lineCutter();
  stream.on('data', (chunk: Buffer) => {
    const ready = lines.push(chunk);
    if (ready.length === 0) return;
    stream.pause();
    void onLines(ready).finally(() => stream.resume());
  });
  stream.once('end', () => void onLines(lines.end()));
  // A pipe that breaks has ended; the end of the process itself is told elsewhere.
  stream.once('error', () => stream.destroy());
}
