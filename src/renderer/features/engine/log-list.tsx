// The lines of the log: only those on screen are drawn. It stays at the end unless the reader has scrolled up.
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import type { Range } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { memo, useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ClipboardEvent, KeyboardEvent, RefObject } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { matchesShortcut } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import type { LogLines } from './log-lines.ts';
import { logSegments } from './log-segments.ts';
import type { LogSelection } from './use-log-selection.ts';

const LINE_PX = 20;
/** Drawn beyond the edges. */
const OVERSCAN = 12;
/** Closer to the end than this counts as there. */
const END_PX = 24;

export interface LogListProps {
  lines: LogLines;
  /** What is looked for: marked where it stands. */
  sought: string;
  isWrapped: boolean;
  list: RefObject<HTMLDivElement | null>;
  selection: LogSelection;
}

export function LogList({ lines, sought, isWrapped, list, selection }: LogListProps) {
  const { t } = useTranslation('engine');
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const [isAtEnd, setAtEnd] = useState(true);
  const version = useSyncExternalStore(lines.subscribe, () => lines.version);
  // A line is the same one while others come and go.
  // oxlint-disable-next-line react/exhaustive-deps -- with another version or search other lines stand at the same place
  const getItemKey = useCallback((index: number) => lines.numberAt(index), [lines, version, sought]);
  const { ends } = selection;
  const rangeExtractor = useCallback(
    (range: Range) => {
      const kept = ends().map((number) => lines.indexOf(number));
      const all = new Set([...defaultRangeExtractor(range), ...kept.filter((index) => index >= 0)]);
      return [...all].toSorted((a, b) => a - b);
    },
    [ends, lines],
  );
  const rows = useVirtualizer({
    count: lines.rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: OVERSCAN,
    getItemKey,
    rangeExtractor,
    anchorTo: 'end',
    followOnAppend: isAtEnd,
    scrollEndThreshold: END_PX,
  });
  const isFirst = useRef(true);
  useEffect(() => {
    // Other widths, other heights.
    if (isFirst.current) isFirst.current = false;
    else rows.measure();
  }, [isWrapped, rows]);

  const followScroll = () => {
    const at = scroller.current;
    if (!at) return;
    const isUpwards = at.scrollTop < lastTop.current;
    lastTop.current = at.scrollTop;
    // A small step up is a wish to leave the end, a small rest at the end is none.
    const isEnd = at.scrollHeight - at.scrollTop - at.clientHeight < (isUpwards ? 1 : END_PX);
    // At once: a line that comes before the next drawing would pull the reader back.
    if (isEnd !== isAtEnd) flushSync(() => setAtEnd(isEnd));
  };
  const copy = (event: ClipboardEvent) => {
    if (!selection.isAny) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', selection.text());
  };
  const press = (event: KeyboardEvent) => {
    if (!matchesShortcut(event, 'Mod+A')) return;
    event.preventDefault();
    selection.selectAll();
  };

  return (
    <div className="relative">
      <div
        ref={scroller}
        className="log"
        role="log"
        aria-live="off"
        aria-label={t('log.title')}
        tabIndex={0}
        onScroll={followScroll}
        onCopy={copy}
        onKeyDown={press}
      >
        <div ref={list} className="relative" style={{ height: `${rows.getTotalSize()}px` }}>
          {rows.getVirtualItems().map(({ key, index, start }) => (
            <LogLine
              key={key}
              index={index}
              startPx={start}
              number={lines.rowAt(index).number}
              text={lines.rowAt(index).text}
              sought={sought}
              measure={isWrapped ? rows.measureElement : null}
            />
          ))}
        </div>
      </div>
      {isAtEnd || lines.rowCount === 0 ? null : (
        <Button className="log-latest" size="sm" icon={ArrowDown} onClick={() => rows.scrollToEnd()}>
          {t('log.latest')}
        </Button>
      )}
    </div>
  );
}

interface LogLineProps {
  index: number;
  startPx: number;
  number: number;
  text: string;
  sought: string;
  /** Set where lines differ in height. */
  measure: ((element: HTMLElement | null) => void) | null;
}

const LogLine = memo(function LogLine({ index, startPx, number, text, sought, measure }: LogLineProps) {
  return (
    <div
      ref={measure}
      className={measure ? 'log-line is-wrapped' : 'log-line'}
      data-index={index}
      data-line={number}
      style={{ transform: `translateY(${startPx}px)` }}
    >
      {logSegments(text, sought).map((one) => {
        if (one.isMatch) return <mark key={one.at}>{one.text}</mark>;
        return (
          <span key={one.at} className={one.kind}>
            {one.text}
          </span>
        );
      })}
    </div>
  );
});
