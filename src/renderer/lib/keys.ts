// Shortcuts by name: `Mod+Shift+C`, where Mod is Ctrl, and Cmd on macOS.
import { isMac } from './platform.ts';

interface KeyPress {
  /** What the key writes. */
  key: string;
  /** Where the key is, named after what it writes on a US keyboard. */
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/**
 * Whether this key press is that shortcut, with exactly its modifiers.
 *
 * @param shortcut for example `Mod+B`, `F2`, `Shift+F6`, `Alt+ArrowLeft`
 */
export function matchesShortcut(event: KeyPress, shortcut: string): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const hasMod = isMac ? event.metaKey : event.ctrlKey;
  const hasOther = isMac ? event.ctrlKey : event.metaKey;
  return (
    keyOf(event) === key.toLowerCase() &&
    hasMod === parts.includes('Mod') &&
    !hasOther &&
    event.shiftKey === parts.includes('Shift') &&
    event.altKey === parts.includes('Alt')
  );
}

/** What is written on the key; on a keyboard of other letters (Cyrillic, Greek) what its place writes in Latin. */
function keyOf({ key, code }: KeyPress): string {
  const isForeign = key.length === 1 && key > '~';
  return (isForeign ? (/^Key([A-Z])$/.exec(code)?.[1] ?? PLACES[code] ?? key) : key).toLowerCase();
}

const PLACES: Record<string, string> = { Comma: ',' };

/** The keycaps of a shortcut, for example `['Ctrl', 'B']`, `['⌘', 'B']`. */
export function shortcutKeys(shortcut: string): string[] {
  return shortcut.split('+').map((part) => (isMac ? MAC_CAPS[part] : undefined) ?? CAPS[part] ?? part);
}

/** A shortcut as `aria-keyshortcuts` wants it. */
export function ariaKeyShortcut(shortcut: string): string {
  return shortcut.replace('Mod', isMac ? 'Meta' : 'Control');
}

const CAPS: Record<string, string> = {
  Mod: 'Ctrl',
  Escape: 'Esc',
  Delete: 'Del',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};
const MAC_CAPS: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
