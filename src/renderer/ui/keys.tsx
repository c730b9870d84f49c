// A shortcut as keycaps, in the words of this computer's keyboard.
import { shortcutKeys } from '../lib/keys.ts';

/** Decorative: controls carry their shortcut in `aria-keyshortcuts` or their tooltip. */
export function Keys({ shortcut }: { shortcut: string }) {
  return (
    <span className="keys" aria-hidden="true">
      {shortcutKeys(shortcut).map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  );
}
