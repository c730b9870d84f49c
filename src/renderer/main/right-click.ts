// Where a right click opens nothing: on what is pressed rather than read. Elsewhere main offers what can be done there.

/** Takes the system's menu away from controls and the frame. What has a menu of its own has prevented it before. */
export function keepMenusToText(): void {
  document.addEventListener('contextmenu', (event) => {
    const { target } = event;
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
    if (target instanceof Element && getComputedStyle(target).userSelect === 'none') event.preventDefault();
  });
}
