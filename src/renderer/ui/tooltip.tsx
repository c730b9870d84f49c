// One tooltip for the whole window: it reads `data-tip` of what is hovered or focused, so that a thousand buttons cost nothing.
import { useEffect, useRef } from 'react';

const DELAY_MS = 500;
const GAP_PX = 6;
const MARGIN_PX = 8;

/**
 * Mount once a window. Elements show `data-tip` and, quieter, `data-tip-keys`; their accessible name is their own business. With
 * `data-tip-cut` only where the words of a `.clip` are cut.
 */
export function TooltipLayer() {
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const tip = place.current;
    if (!tip) return undefined;
    let target: HTMLElement | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;

    const hide = () => {
      clearTimeout(timer);
      target = null;
      if (tip.matches(':popover-open')) tip.hidePopover();
    };
    const show = () => {
      if (!target?.isConnected || !target.dataset.tip) return;
      tip.textContent = target.dataset.tip;
      if (target.dataset.tipKeys) {
        const keys = document.createElement('span');
        keys.textContent = target.dataset.tipKeys;
        tip.append(keys);
      }
      tip.showPopover();
      const at = target.getBoundingClientRect();
      const isLow = at.bottom + GAP_PX + tip.offsetHeight > window.innerHeight - MARGIN_PX;
      const left = at.left + at.width / 2 - tip.offsetWidth / 2;
      tip.style.left = `${Math.max(MARGIN_PX, Math.min(left, window.innerWidth - tip.offsetWidth - MARGIN_PX))}px`;
      tip.style.top = `${isLow ? at.top - GAP_PX - tip.offsetHeight : at.bottom + GAP_PX}px`;
    };
    const enter = (event: Event) => {
      const over = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null;
      if (over === target) return;
      hide();
      // The keyboard's focus shows it; a click's does not.
      if (!over || (event.type === 'focusin' && !over.matches(':focus-visible'))) return;
      if (over.dataset.tipCut !== undefined && !isCut(over)) return;
      target = over;
      timer = setTimeout(show, DELAY_MS);
    };
    const key = (event: KeyboardEvent) => {
      if (event.key === 'Escape') hide();
    };

    const ends = new AbortController();
    const options = { signal: ends.signal, capture: true, passive: true };
    document.addEventListener('pointerover', enter, options);
    document.addEventListener('focusin', enter, options);
    document.addEventListener('pointerdown', hide, options);
    document.addEventListener('focusout', hide, options);
    document.addEventListener('scroll', hide, options);
    document.addEventListener('keydown', key, options);
    document.documentElement.addEventListener('pointerleave', hide, options);
    return () => {
      ends.abort();
      hide();
    };
  }, []);

  return <div ref={place} className="tip" popover="manual" aria-hidden="true" />;
}

function isCut(element: HTMLElement): boolean {
  return [element, ...element.querySelectorAll('.clip')].some(
    (one) => one.matches('.clip') && one.scrollWidth > one.clientWidth,
  );
}
