// A button that goes with its press (Download, Pause, Start) would take the focus with it: keys and screen readers would begin
// at the top of the window again. Here it stays near.
import { useEffect } from 'react';
import type { RefObject } from 'react';

const TARGETS = 'h1, h2, [tabindex], a[href], button, input, select, textarea, summary';

/**
 * While mounted: when what has the focus is taken out of `area`, the focus goes to the first thing that can have it in what is
 * left around it, from near to far. Where somebody else placed it meanwhile, or the user let go of it, nothing happens.
 */
export function useKeptFocus(area: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = area.current;
    if (!root) return undefined;
    /** What has the focus and all around it, up to the area. */
    let path: Element[] = [];
    const hold = ({ target }: FocusEvent) => {
      path = target instanceof Element ? pathOf(target, root) : [];
    };
    const letGo = () => {
      // Only when it has gone can be told whether it was taken away or left.
      queueMicrotask(() => {
        if (path[0]?.isConnected && document.activeElement !== path[0]) path = [];
      });
    };
    const watcher = new MutationObserver(() => {
      const [held, ...around] = path;
      if (!held || held.isConnected) return;
      path = [];
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      for (const one of around.filter(({ isConnected }) => isConnected)) if (focusIn(one)) return;
    });
    root.addEventListener('focusin', hold);
    root.addEventListener('focusout', letGo);
    watcher.observe(root, { childList: true, subtree: true });
    return () => {
      root.removeEventListener('focusin', hold);
      root.removeEventListener('focusout', letGo);
      watcher.disconnect();
    };
  }, [area]);
}

function pathOf(target: Element, root: Element): Element[] {
  const path: Element[] = [];
  for (let one: Element | null = target; one; one = one === root ? null : one.parentElement) path.push(one);
  return path;
}

function focusIn(around: Element): boolean {
  for (const target of around.querySelectorAll<HTMLElement>(TARGETS)) {
    if (!target.checkVisibility()) continue;
    target.focus({ preventScroll: true });
    if (document.activeElement === target) return true;
  }
  return false;
}
