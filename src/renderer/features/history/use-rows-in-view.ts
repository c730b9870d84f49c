// Which rows of a long list are drawn: those in view and some beyond, so that thousands cost as much as a screenful.
import { useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';

/** Drawn beyond the view on either side: the next row is there when an arrow key asks for it. */
const BEYOND = 20;
/** The range moves in steps of so many rows, not with every one. */
const STEP = 10;

export interface RowsInViewOptions {
  scroller: RefObject<HTMLElement | null>;
  list: RefObject<HTMLElement | null>;
  count: number;
  /** The height of each row, all the same. */
  rowPx: number;
}

/** From the first row to the one after the last. What is left out above and below is to be held open. */
export function useRowsInView({ scroller, list, count, rowPx }: RowsInViewOptions): { from: number; to: number } {
  const [range, setRange] = useState({ from: 0, to: BEYOND * 2 });
  useLayoutEffect(() => {
    const box = scroller.current;
    // The list itself comes with its first row.
    if (!box || count === 0) return undefined;
    const measure = () => {
      const top = box.getBoundingClientRect().top - (list.current?.getBoundingClientRect().top ?? 0);
      const from = Math.max(0, inSteps(Math.floor(top / rowPx)) - BEYOND);
      const to = inSteps(Math.ceil((top + box.clientHeight) / rowPx)) + STEP + BEYOND;
      setRange((before) => (before.from === from && before.to === to ? before : { from, to }));
    };
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(box);
    box.addEventListener('scroll', measure, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener('scroll', measure);
    };
  }, [list, rowPx, scroller, count]);
  // A list that became shorter ends before the range does.
  const to = Math.min(count, range.to);
  return { from: Math.min(range.from, to), to };
}

function inSteps(row: number): number {
  return Math.floor(row / STEP) * STEP;
}
