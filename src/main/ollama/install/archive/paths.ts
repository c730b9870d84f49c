// Which names of an archive may become files, and where links may lead: nowhere but inside its own folder.

/** The usual limits of file systems. */
const PART_MAX_BYTES = 255;
const NAME_MAX_CHARS = 1_000;
/** On Windows `:` names a drive or a hidden stream of a file, and a name may end in neither dot nor space. */
const ODD_PART = /[\p{Cc}:]|[. ]$/u;
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * The folders and the name of an entry, from the archive's root; empty for the root itself.
 * Null for a name that leads outside, or that some system would understand otherwise than it reads.
 */
export function entryPath(name: string): string[] | null {
  if (name.length > NAME_MAX_CHARS || name.startsWith('/') || name.includes('\\')) return null;
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return parts.every(isPlain) ? parts : null;
}

/**
 * Whether a symbolic link at `link` (as `entryPath` gives it) stays inside with this target. Upward steps are only allowed
 * at the beginning: further on they would go up from wherever another link leads.
 */
export function staysInside(link: readonly string[], target: string): boolean {
  if (target === '' || target.startsWith('/') || target.includes('\\')) return false;
  const steps = target.split('/').filter((part) => part !== '' && part !== '.');
  const upward = steps.findIndex((step) => step !== '..');
  const ups = upward === -1 ? steps.length : upward;
  return ups <= link.length - 1 && steps.slice(ups).every(isPlain);
}

/** The same for names that a file system may take for the same: letters in another case, accents written otherwise. */
export function foldedPath(parts: readonly string[]): string {
  return parts.join('/').normalize('NFC').toLowerCase();
}

function isPlain(part: string): boolean {
  return part !== '..' && Buffer.byteLength(part) <= PART_MAX_BYTES && !ODD_PART.test(part) && !DEVICE.test(part);
}
