// The keys that work anywhere in the window.
import { useEffect, useRef } from 'react';
import { matchesShortcut } from '../lib/index.ts';

/** What each shortcut does. A handler that returns false leaves the key to others. */
export type Shortcuts = Record<string, () => void | false>;

/** Listens on the document, after what has the focus: a key that something handled there is left alone. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      for (const [shortcut, run] of Object.entries(latest.current)) {
        if (!matchesShortcut(event, shortcut)) continue;
        if (run() !== false) event.preventDefault();
        return;
      }
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
