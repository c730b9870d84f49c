// The foot of a list that has more: loads when it comes near the view, or when pressed.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { tellFailure } from './tell.ts';

export interface MoreRowProps {
  isLoading: boolean;
  scroller: RefObject<HTMLElement | null>;
  label: string;
  load: () => Promise<void>;
}

export function MoreRow({ isLoading, scroller, label, load }: MoreRowProps) {
  const row = useRef<HTMLButtonElement>(null);
  /** Then only a press tries again: the row is still in view, and would be seen at once. */
  const [hasFailed, setHasFailed] = useState(false);
  const more = useCallback(() => {
    setHasFailed(false);
    load().catch((error: unknown) => {
      setHasFailed(true);
      tellFailure(error);
    });
  }, [load]);
  useEffect(() => {
    if (!row.current || isLoading || hasFailed) return undefined;
    const observer = new IntersectionObserver(
      (seen) => {
        if (!seen.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        more();
      },
      { root: scroller.current, rootMargin: '0px 0px 400px 0px' },
    );
    observer.observe(row.current);
    return () => observer.disconnect();
  }, [hasFailed, isLoading, more, scroller]);
  return (
    <button ref={row} type="button" className="nav-item" aria-disabled={isLoading} onClick={more}>
      <span className="muted">{label}</span>
    </button>
  );
}
