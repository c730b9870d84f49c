// The lines of the engine's log that a window holds: at most so many, the oldest dropped, filtered by a word that is looked for.

/** The most lines held; main hands out no more either. */
export const LINES_MAX = 100_000;
/** A longer line is cut on arrival, so that one line can't fill the memory of the window; the file keeps it whole. */
export const LINE_CHARS_MAX = 8_192;

export interface LogRow {
  /** Stays the same while the line is held, whatever comes or goes around it. */
  number: number;
  text: string;
}

export interface LogLinesOptions {
  /** How many to hold at most. */
  limit?: number;
  /** Runs something soon, once; readers hear of all changes until then at one time. */
  soon?: (run: () => void) => void;
}

/**
 * Appending costs as much as what is appended, however many are held. Readers draw from `rowCount` and `rowAt`, and hear of
 * changes through `subscribe` (for useSyncExternalStore, with `version`).
 */
export class LogLines {
  readonly #limit: number;
  readonly #soon: (run: () => void) => void;
  readonly #readers = new Set<() => void>();
  /** Held lines from `#start` on; what is before it has been dropped and is cut off now and then. */
  #lines: string[] = [];
  #start = 0;
  /** The number of the first line held. */
  #first = 0;
  /** Numbers of the lines that match, from `#matchStart` on; null while nothing is looked for. */
  #matches: number[] | null = null;
  #matchStart = 0;
  #pattern: RegExp | null = null;
  /** What came while the reader held the log still; null while it moves. */
  #waiting: string[] | null = null;
  #dropped = 0;
  #version = 0;
  #isTelling = false;

  constructor({ limit = LINES_MAX, soon = onNextFrame }: LogLinesOptions = {}) {
    this.#limit = limit;
    this.#soon = soon;
  }

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** How many lines are held, whether they match or not. */
  get count(): number {
    return this.#lines.length - this.#start;
  }

  /** How many were dropped since the log was read anew. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many wait for `release`. */
  get waitingCount(): number {
    return this.#waiting?.length ?? 0;
  }

  /** How many lines are to be shown. */
  get rowCount(): number {
    return this.#matches ? this.#matches.length - this.#matchStart : this.count;
  }

  /** @param index from 0 to `rowCount` - 1 */
  rowAt(index: number): LogRow {
    const number = this.numberAt(index);
    return { number, text: this.#lines[this.#start + number - this.#first] ?? '' };
  }

  numberAt(index: number): number {
    return this.#matches ? (this.#matches[this.#matchStart + index] ?? -1) : this.#first + index;
  }

  /** Where the line of that number is shown; -1 when it is not. */
  indexOf(number: number): number {
    if (!this.#matches) return number >= this.#first && number < this.#first + this.count ? number - this.#first : -1;
    let low = this.#matchStart;
    let high = this.#matches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#matches[middle] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return this.#matches[low] === number ? low - this.#matchStart : -1;
  }

  append(lines: readonly string[]): void {
    if (lines.length === 0) return;
    if (this.#waiting) {
      // One by one: as arguments of one call so many would not fit on the stack.
      for (const line of lines) this.#waiting.push(line);
      if (this.#waiting.length > this.#limit) this.#waiting = this.#waiting.slice(-this.#limit);
    } else this.#add(lines);
    this.#changed();
  }

  /** Puts what was read anew in place of all; a line that is last again keeps its number. */
  replace(lines: readonly string[]): void {
    const next = this.#first + this.count;
    this.#lines = [];
    this.#start = 0;
    this.#first = next - Math.min(lines.length, this.#limit);
    this.#dropped = 0;
    if (this.#waiting) this.#waiting = [];
    if (this.#matches) this.#matches = [];
    this.#matchStart = 0;
    this.#add(lines.slice(-this.#limit));
    this.#changed();
  }

  /** Shows only lines that hold this text, in whatever case; all for an empty one. */
  find(text: string): void {
    this.#pattern = text === '' ? null : new RegExp(escaped(text), 'i');
    this.#matches = this.#pattern ? [] : null;
    this.#matchStart = 0;
    this.#match(0);
    this.#changed();
  }

  /** Keeps what is shown as it is; what comes waits. */
  hold(): void {
    this.#waiting ??= [];
    this.#changed();
  }

  /** Shows what waited, and what comes. */
  release(): void {
    const lines = this.#waiting ?? [];
    this.#waiting = null;
    this.#add(lines);
    this.#changed();
  }

  /** The lines that are shown, as one text. */
  text(): string {
    return this.textBetween(0, this.rowCount - 1);
  }

  /** The shown lines from one to another, both included, as one text. */
  textBetween(from: number, to: number): string {
    const rows: string[] = [];
    for (let index = from; index <= to; index += 1) rows.push(this.rowAt(index).text);
    return rows.join('\n');
  }

  readonly subscribe = (reader: () => void): (() => void) => {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  };

  #add(lines: readonly string[]): void {
    const before = this.count;
    for (const line of lines)
      this.#lines.push(line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX)} …` : line);
    this.#match(before);
    this.#drop(this.count - this.#limit);
  }

  /** Looks through the lines held, from that one on. */
  #match(from: number): void {
    if (!this.#matches || !this.#pattern) return;
    for (let index = from; index < this.count; index += 1) {
      if (this.#pattern.test(this.#lines[this.#start + index] ?? '')) this.#matches.push(this.#first + index);
    }
  }

  #drop(count: number): void {
    if (count <= 0) return;
    this.#start += count;
    this.#first += count;
    this.#dropped += count;
    while (this.#matches && (this.#matches[this.#matchStart] ?? this.#first) < this.#first) this.#matchStart += 1;
    // Now and then, so that dropping one line does not move all others.
    if (this.#start > this.#limit) {
      this.#lines = this.#lines.slice(this.#start);
      this.#start = 0;
    }
    if (this.#matches && this.#matchStart > this.#limit) {
      this.#matches = this.#matches.slice(this.#matchStart);
      this.#matchStart = 0;
    }
  }

  #changed(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#soon(() => {
      this.#isTelling = false;
      this.#version += 1;
      for (const reader of this.#readers) reader();
    });
  }
}

function onNextFrame(run: () => void): void {
  requestAnimationFrame(run);
}

/** Text that a pattern takes as it is. */
export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
