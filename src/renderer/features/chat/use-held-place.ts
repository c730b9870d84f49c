// Where one message takes the place of another, its end stays where it is on the screen: the switcher under the pointer.
import { useLayoutEffect, useRef } from 'react';
import { useChatStore } from './store.ts';
import type { StickToEnd } from './use-stick-to-end.ts';

export function useHeldPlace({ scroller, content, letGo }: Pick<StickToEnd, 'scroller' | 'content' | 'letGo'>): void {
  const swapped = useChatStore((state) => state.swapped);
  const turned = useChatStore((state) => state.turned);
  /** The end of the row before its message was swapped. */
  const before = useRef<number | null>(null);

  useLayoutEffect(
    () =>
      // Called at the change itself, before anything is drawn anew.
      useChatStore.subscribe((now, earlier) => {
        if (now.swapped === null || now.swapped === earlier.swapped) return;
        before.current = content.current?.children[now.swapped.index]?.getBoundingClientRect().bottom ?? null;
      }),
    [content],
  );

  useLayoutEffect(() => {
    const rows = content.current?.children;
    const row = swapped === null ? undefined : rows?.[swapped.index];
    const bottom = before.current;
    before.current = null;
    if (!scroller.current || !row || bottom === null) return;
    // The end of the last row is the end of the chat, which is kept in sight anyway.
    if (row !== rows?.[rows.length - 1]) letGo();
    scroller.current.scrollBy({ top: row.getBoundingClientRect().bottom - bottom, behavior: 'instant' });
  }, [swapped, scroller, content, letGo]);

  // Chosen by keys, it may be out of sight.
  useLayoutEffect(() => {
    if (turned === null) return;
    const row = content.current?.querySelector(`[data-answer="${turned.id}"]`);
    row?.lastElementChild?.scrollIntoView({ block: 'nearest' });
  }, [turned, content]);
}
