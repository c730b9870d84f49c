// What is selected in the log, by lines and not by elements: most of what a selection spans is never drawn.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import type { LogLines } from './log-lines.ts';

interface End {
  /** Of the line. */
  number: number;
  /** In characters from its start. */
  offset: number;
}

type Selected = { from: End; to: End } | 'all' | null;

export interface LogSelection {
  isAny: boolean;
  /** Lines that have to stay drawn, so that the browser keeps the selection. */
  ends: () => number[];
  text: () => string;
  selectAll: () => void;
}

/** @param list the element whose children are lines with `data-line` */
export function useLogSelection(list: RefObject<HTMLElement | null>, lines: LogLines): LogSelection {
  const selected = useRef<Selected>(null);
  const [isAny, setAny] = useState(false);

  useEffect(() => {
    const look = () => {
      selected.current = list.current ? selectionIn(list.current) : null;
      setAny(selected.current !== null);
    };
    document.addEventListener('selectionchange', look);
    return () => document.removeEventListener('selectionchange', look);
  }, [list]);

  const ends = useCallback(() => {
    const now = selected.current;
    return now === null || now === 'all' ? [] : [now.from.number, now.to.number];
  }, []);
  const text = useCallback(() => textOf(selected.current, lines), [lines]);
  const selectAll = useCallback(() => {
    if (list.current) document.getSelection()?.selectAllChildren(list.current);
  }, [list]);
  return { isAny, ends, text, selectAll };
}

function selectionIn(list: HTMLElement): Selected {
  const selection = document.getSelection();
  if (!selection?.anchorNode || !selection.focusNode || selection.isCollapsed) return null;
  if (selection.anchorNode === list && selection.focusNode === list) return 'all';
  const one = endAt(list, selection.anchorNode, selection.anchorOffset);
  const other = endAt(list, selection.focusNode, selection.focusOffset);
  if (!one || !other) return null;
  const isForward = one.number < other.number || (one.number === other.number && one.offset <= other.offset);
  return isForward ? { from: one, to: other } : { from: other, to: one };
}

function endAt(list: HTMLElement, node: Node, offset: number): End | null {
  const element = node instanceof Element ? node : node.parentElement;
  const row = element?.closest<HTMLElement>('[data-line]');
  if (!row || !list.contains(row)) return null;
  const before = document.createRange();
  before.setStart(row, 0);
  before.setEnd(node, offset);
  return { number: Number(row.dataset.line), offset: before.toString().length };
}

function textOf(selected: Selected, lines: LogLines): string {
  if (selected === null || selected === 'all') return lines.text();
  const { from, to } = selected;
  const last = lines.indexOf(to.number);
  if (last === -1) return '';
  const end = lines.rowAt(last).text.slice(0, to.offset);
  if (from.number === to.number) return end.slice(from.offset);
  // A first line that was dropped meanwhile leaves those after it.
  const first = lines.indexOf(from.number);
  const between = lines.textBetween(first + 1, last - 1);
  const start = first === -1 ? [] : [lines.rowAt(first).text.slice(from.offset)];
  return [...start, ...(last - first > 1 ? [between] : []), end].join('\n');
}
