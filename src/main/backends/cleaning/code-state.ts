// Whether the place in a Markdown text is inside code, one character at a time.
//
// Only as much of Markdown as it takes: fences of ``` and ~~~, and spans between runs of backticks as long as each other. A
// span that is never closed ends with its paragraph.

type Mode =
  | { kind: 'prose' }
  | { kind: 'span'; ticks: number }
  | { kind: 'fence'; char: string; length: number; isInfoLine: boolean };

export interface CodeState {
  take(char: string): void;
  /** As it is after the characters so far; a run of backticks at the end counts as ended. */
  isInCode(): boolean;
  /** Whether that code is a block of lines. */
  isInFence(): boolean;
}

export function createCodeState(): CodeState {
  let mode: Mode = { kind: 'prose' };
  /** Nothing but spaces and quote marks since the line began. */
  let isLineStart = true;
  let isLineBlank = true;
  let run = { char: '', length: 0, atLineStart: false };

  function take(char: string): void {
    if (char === run.char && run.length > 0) {
      run.length += 1;
      return;
    }
    endRun();
    if (char === '`' || char === '~') {
      run = { char, length: 1, atLineStart: isLineStart };
      isLineStart = false;
      isLineBlank = false;
      return;
    }
    if (char === '\n') {
      // A blank line ends the paragraph, and with it a span that nobody closed.
      if (isLineBlank && mode.kind === 'span') mode = { kind: 'prose' };
      if (mode.kind === 'fence') mode.isInfoLine = false;
      isLineStart = true;
      isLineBlank = true;
      return;
    }
    if (char !== ' ' && char !== '\t' && char !== '\r') {
      isLineBlank = false;
      if (char !== '>') isLineStart = false;
    }
  }

  function endRun(): void {
    const { char, length, atLineStart } = run;
    if (length === 0) return;
    run = { char: '', length: 0, atLineStart: false };
    switch (mode.kind) {
      case 'fence':
        if (char === mode.char && atLineStart && length >= mode.length) mode = { kind: 'prose' };
        // ```like this``` is a span of three, not a fence.
        else if (char === '`' && mode.char === '`' && mode.isInfoLine)
          mode = length === mode.length ? { kind: 'prose' } : { kind: 'span', ticks: mode.length };
        return;
      case 'span':
        if (char === '`' && length === mode.ticks) mode = { kind: 'prose' };
        return;
      case 'prose':
        if (atLineStart && length >= 3) mode = { kind: 'fence', char, length, isInfoLine: true };
        else if (char === '`') mode = { kind: 'span', ticks: length };
    }
  }

  return {
    take,
    isInCode() {
      endRun();
      return mode.kind !== 'prose';
    },
    isInFence() {
      endRun();
      return mode.kind === 'fence';
    },
  };
}
