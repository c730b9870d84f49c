// What only matters while somebody can see it: a hidden window follows nothing that main would have to look for.

/**
 * Runs `follow` whenever the page can be seen. Its signal aborts when the page is hidden; it runs anew when the page is shown.
 * Resolves when the given signal has aborted and `follow` has ended.
 */
export async function whileVisible(
  follow: (signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await untilVisibility('visible', signal);
    if (signal.aborted) return;
    const shown = new AbortController();
    const ends = AbortSignal.any([signal, shown.signal]);
    void untilVisibility('hidden', signal).then(() => shown.abort());
    await follow(ends);
  }
}

/** Resolves when the page has that visibility, or the signal aborts. */
function untilVisibility(wanted: DocumentVisibilityState, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState !== wanted && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look);
    look();
  });
}
