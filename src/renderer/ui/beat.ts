// The pulse of what is live: one slow beat for the whole window, told to the stylesheet by an attribute of the page.
//
// An animation without an end makes the page and the screen work sixty times a second for as long as it runs, which on a
// computer without a graphics card costs a sixth of a core: while a model answers on the same cores. Two steps in 1.6 s cost
// nothing that could be measured.
import { useEffect } from 'react';

/** Half of `--d-live`. */
const HALF_MS = 800;

let living = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function begin(): void {
  living += 1;
  if (timer !== undefined || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
  const page = document.documentElement;
  timer = setInterval(() => {
    page.dataset.beat = page.dataset.beat === 'low' ? 'high' : 'low';
  }, HALF_MS);
}

function end(): void {
  living -= 1;
  if (living > 0) return;
  clearInterval(timer);
  timer = undefined;
  delete document.documentElement.dataset.beat;
}

/** Keeps the beat going while something is live. The stylesheet asks for `:root[data-beat='low']`. */
export function useBeat(isLive: boolean): void {
  useEffect(() => {
    if (!isLive) return undefined;
    begin();
    return end;
  }, [isLive]);
}
