// Tells what a model thinks from what it says, where it writes both into one text: thoughts stand between two marks at the
// very beginning of the answer.

export interface ThinkingSplitter {
  push(piece: string): Split;
  end(): Split;
}

export interface Split {
  thinking: string;
  text: string;
}

/** @param marks for example `<think>` and `</think>`; only white space may come before the first */
export function createThinkingSplitter(marks: { open: string; close: string }): ThinkingSplitter {
  let state: 'before' | 'thinking' | 'after' | 'text' = 'before';
  /** What may still become a mark, or is white space that belongs to neither. */
  let held = '';

  function push(piece: string): Split {
    held += piece;
    const split: Split = { thinking: '', text: '' };
    if (state === 'before') begin();
    if (state === 'thinking') think(split);
    if (state === 'after') {
      // The blank lines between the thought and the answer belong to neither.
      held = held.trimStart();
      if (held !== '') state = 'text';
    }
    if (state === 'text') {
      split.text = held;
      held = '';
    }
    return split;
  }

  function begin(): void {
    const said = held.trimStart();
    if (said.startsWith(marks.open)) {
      held = said.slice(marks.open.length);
      state = 'thinking';
    } else if (!marks.open.startsWith(said)) state = 'text';
  }

  function think(split: Split): void {
    const at = held.indexOf(marks.close);
    if (at >= 0) {
      split.thinking = held.slice(0, at);
      held = held.slice(at + marks.close.length);
      state = 'after';
      return;
    }
    const kept = beginningAtEnd(held, marks.close);
    split.thinking = held.slice(0, held.length - kept);
    held = held.slice(held.length - kept);
  }

  return {
    push,
    end() {
      const rest = held;
      held = '';
      if (state === 'thinking') return { thinking: rest, text: '' };
      return { thinking: '', text: state === 'after' ? '' : rest };
    },
  };
}

/** How many characters at the end of the text are a beginning of the mark. */
function beginningAtEnd(text: string, mark: string): number {
  for (let length = Math.min(text.length, mark.length - 1); length > 0; length -= 1)
    if (mark.startsWith(text.slice(-length))) return length;
  return 0;
}
