// A question that is answered with yes or no.
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { text } from '../main/words/index.ts';

interface Terminal {
  input: Readable;
  output: Writable;
  /** Ctrl C, which arrives here: while it reads, the question takes the keys. */
  onInterrupt: () => void;
  signal: AbortSignal;
}

/** Resolves false for everything but yes: also at the end of the input and when the signal aborts. */
export function askYes(question: string, { input, output, onInterrupt, signal }: Terminal): Promise<boolean> {
  return new Promise((resolve) => {
    const lines = createInterface({ input, output });
    const stop = () => lines.close();
    lines.once('close', () => {
      signal.removeEventListener('abort', stop);
      resolve(false);
    });
    lines.once('SIGINT', () => {
      onInterrupt();
      stop();
    });
    signal.addEventListener('abort', stop);
    if (signal.aborted) return stop();
    lines.question(`${question} ${text('cli:rm.choice')} `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      lines.close();
    });
  });
}
