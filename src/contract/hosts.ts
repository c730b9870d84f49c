// Whose computer a server is. What is said about privacy and whom Hearth asks unasked rest on this, so a doubtful name counts as far away.
// Imports nothing, so that windows and main can both use it.

export type HostPlace = 'here' | 'network' | 'internet';

/**
 * Where a server stands, by its name or number.
 *
 * @param host `host` or `host:port`, or null for an engine inside this computer's Hearth
 */
export function placeOf(host: string | null): HostPlace {
  if (host === null) return 'here';
  if (!URL.canParse(`http://${host}`)) return 'internet';
  const name = new URL(`http://${host}`).hostname;
  if (/^((.+\.)?localhost|\[::1?\]|0\.0\.0\.0|127(\.\d+){3})$/.test(name)) return 'here';
  const isPrivate =
    /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))(\.\d+){2,3}$/.test(name) ||
    /^\[f[cde]/.test(name) ||
    /\.(local|lan|home|internal)$/.test(name) ||
    !/[.:]/.test(name);
  return isPrivate ? 'network' : 'internet';
}

/** Whether a server is this computer. */
export function isThisComputer(host: string | null): boolean {
  return placeOf(host) === 'here';
}

/** A host without its port, for people. */
export function hostName(host: string): string {
  return host.replace(/:\d+$/, '');
}
