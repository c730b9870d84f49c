// Starts a Hearth that only downloads, in a process of its own that can be killed.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Download } from '../../../src/contract/downloads.ts';

export type Shown = Pick<Download, 'progress' | 'state'>;

export interface DownloadsProcess {
  /** What it shows next; rejects when it ends instead. */
  next(): Promise<Shown>;
  /** Ends it as a crash does. Resolves with every bar it had shown that was not read yet. */
  kill(): Promise<number[]>;
}

/** Fetches `tiny` from the Ollama at this port with the history of this folder. */
export function startDownloadsProcess(folder: string, { port }: { port: number }): DownloadsProcess {
  const script = fileURLToPath(new URL('downloads-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, folder, String(port)]);
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const hasExited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await hasExited;
  };
  onTestFinished(end);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const shownIn = (line: string) => JSON.parse(line) as Shown;
  return {
    async next() {
      const line = await lines.next();
      if (line.done) throw new Error(`The process ended: ${errors}`);
      return shownIn(line.value);
    },
    async kill() {
      await end();
      const rest: number[] = [];
      for (let line = await lines.next(); !line.done; line = await lines.next()) {
        // The last line may have been cut by the kill.
        if (line.value.endsWith('}')) rest.push(shownIn(line.value).progress);
      }
      return rest;
    },
  };
}
