// Keeps the end of a growing conversation in sight, unless the reader has scrolled up.
import type { RefObject } from 'react';
import { useCallback, useEffect, useRef, useState } from 'react';

/** So near to the end counts as being there, in px. */
const NEAR_END_PX = 32;

export interface StickToEnd {
  /** What scrolls. */
  scroller: RefObject<HTMLDivElement | null>;
  /** What grows inside it. */
  content: RefObject<HTMLDivElement | null>;
  /** False while the reader looks at something further up. */
  isAtEnd: boolean;
  toEnd: () => void;
  /** The reader looks at something else than the end, wherever it is. */
  letGo: () => void;
}

export function useStickToEnd(): StickToEnd {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isStuck = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);

  const toEnd = useCallback(() => {
    isStuck.current = true;
    setAtEnd(true);
    if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, []);

  const letGo = useCallback(() => {
    const box = scroller.current;
    isStuck.current = false;
    if (box) setAtEnd(isNearEnd(box));
  }, []);

  useEffect(() => {
    const box = scroller.current;
    const inside = content.current;
    if (!box || !inside) return undefined;
    let lastTop = box.scrollTop;
    const onScroll = () => {
      const isNear = isNearEnd(box);
      // Only a move upwards is the reader's; content that grows leaves the position where it is.
      if (isNear) isStuck.current = true;
      else if (box.scrollTop < lastTop) isStuck.current = false;
      lastTop = box.scrollTop;
      setAtEnd(isStuck.current || isNear);
    };
    // Runs after layout and before paint: the end is never seen to lag behind.
    const grown = new ResizeObserver(() => {
      if (isStuck.current) box.scrollTop = box.scrollHeight;
      lastTop = box.scrollTop;
    });
    grown.observe(inside);
    grown.observe(box);
    box.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      grown.disconnect();
      box.removeEventListener('scroll', onScroll);
    };
  }, []);

  return { scroller, content, isAtEnd, toEnd, letGo };
}

function isNearEnd(box: HTMLElement): boolean {
  return box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR_END_PX;
}
