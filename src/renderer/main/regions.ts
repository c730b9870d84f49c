// F6: from one part of the window to the next, and back to where one was in it.

const FOCUSABLE = 'a[href], button, input, textarea, select, [tabindex="0"]';

/** What had the focus in a part when it was left. */
const lastIn = new WeakMap<Element, HTMLElement>();

/** Moves the focus to the next (1) or previous (-1) visible part, in the order of the page: elements with `data-region`. */
export function focusNextRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((one) => one.checkVisibility());
  const active = document.activeElement;
  const at = regions.findIndex((one) => one.contains(active));
  const from = regions[at];
  if (from && active instanceof HTMLElement) lastIn.set(from, active);
  for (let tried = 1; tried <= regions.length; tried += 1) {
    const start = at === -1 && step === -1 ? 0 : at;
    const region = regions[(start + step * tried + regions.length * 2) % regions.length];
    if (region && focusIn(region)) return;
  }
}

function focusIn(region: HTMLElement): boolean {
  const last = lastIn.get(region);
  const candidates = [
    ...(last?.isConnected ? [last] : []),
    ...(region.tabIndex >= 0 || region.hasAttribute('tabindex') ? [region] : []),
    // The chat or page on screen is the better start of a list than its first button.
    ...region.querySelectorAll<HTMLElement>('[aria-current="page"]'),
    ...region.querySelectorAll<HTMLElement>(FOCUSABLE),
  ];
  const target = candidates.find((one) => one.checkVisibility() && !one.matches(':disabled'));
  target?.focus();
  return target !== undefined && document.activeElement === target;
}
