// Where a file lies that was dropped on the window: only the preload can tell.

declare global {
  interface Window {
    /** What the preload offers; absent where a page runs without one, as in tests. */
    hearth?: { pathOf: (file: File) => string };
  }
}

/** The path of a file that the user dropped or picked; null for one that lies on no disk, such as a picture dragged from a page. */
export function pathOf(file: File): string | null {
  return window.hearth?.pathOf(file) || null;
}
