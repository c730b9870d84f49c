// One line on standard error that tells how far something is: redrawn in a terminal, said now and then elsewhere.
import { withoutControl } from './output.ts';

export interface ProgressLine {
  /**
   * Shows the line. In a file or a pipe only at every tenth part, or when `step` has changed.
   * @param at 0 to 1; null while unknown
   */
  show(line: string, step: string, at: number | null): void;
  /** Leaves what is shown and begins a new line; before anything else is written. */
  end(): void;
}

const PARTS = 10;
const CLEAR_LINE = '\r\u001B[K';
const COLUMNS = 80;

type Stream = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

export function createProgressLine(stream: Stream): ProgressLine {
  let shown = '';
  let said = '';
  return {
    show(line, step, at) {
      const clean = withoutControl(line);
      if (stream.isTTY === true) {
        // One that wraps could not be cleared again.
        const fitting = clean.slice(0, (stream.columns || COLUMNS) - 1);
        if (fitting !== shown) stream.write(`${CLEAR_LINE}${fitting}`);
        shown = fitting;
        return;
      }
      const part = `${step} ${at === null ? '' : Math.floor(at * PARTS)}`;
      if (part !== said) stream.write(`${clean}\n`);
      said = part;
    },
    end() {
      if (shown !== '') stream.write('\n');
      shown = '';
    },
  };
}
