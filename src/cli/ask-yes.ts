// A question that is answered with yes or no.
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from '../main/words/index.ts';

/** Resolves false for everything but yes: also at the end of the input and when the signal aborts. */
export function askYes(
  question: string,
  { input, output, signal }: { input: Readable; output: Writable; signal: AbortSignal },
): Promise<boolean> {
  return new Promise((resolve) => {
    const lines = createInterface({ input, output });
    const stop = () => lines.close();
    lines.once('close', () => {
      signal.removeEventListener('abort', stop);
      resolve(false);
    });
    // In a terminal it takes the keys: Ctrl C arrives here.
    lines.once('SIGINT', stop);
    signal.addEventListener('abort', stop);
    if (signal.aborted) return stop();
    lines.question(`${question} ${text('cli:rm.choice')} `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      lines.close();
    });
  });
}
