// Which texts are the address of a server, before main is asked.

/** Whether this can be an Ollama server: `host`, `host:port`, `:port`, or an http(s) URL without a password. */
export function isServerAddress(text: string): boolean {
  const [, scheme, rest = ''] = /^(?:([a-z][a-z\d+.-]*):\/\/)?(.*)$/i.exec(text) ?? [];
  if (scheme !== undefined && !/^https?$/i.test(scheme)) return false;
  // Without this, `http//host` would pass as a path, and spaces would be encoded away.
  if (!/^(\[[\da-f:.]+\]|[a-z\d][a-z\d._-]*)?(:\d{1,5})?(\/([^\s/?#][^\s?#]*)?)?$/i.test(rest) || /^\/|^$/.test(rest))
    return false;
  return URL.canParse(`${scheme ?? 'http'}://${rest.startsWith(':') ? `127.0.0.1${rest}` : rest}`);
}

export type HostPlace = 'here' | 'network' | 'internet';

/**
 * Where a server stands, by its name or number.
 *
 * @param host `host:port`, or null for an engine inside this computer's Hearth
 */
export function placeOf(host: string | null): HostPlace {
  if (host === null || !URL.canParse(`http://${host}`)) return 'here';
  const name = new URL(`http://${host}`).hostname;
  if (name === 'localhost' || name === '[::1]' || name === '0.0.0.0' || name.startsWith('127.')) return 'here';
  const isPrivate =
    /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(name) ||
    /^\[f[cde]/.test(name) ||
    /\.(local|lan|home|internal)$/.test(name) ||
    !/[.:]/.test(name);
  return isPrivate ? 'network' : 'internet';
}
