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

/** `http//host` or `http:/host` as it was meant; null for what has no such slip. Hearth would take it for a host called http. */
export function mistyped(text: string): string | null {
  const [, scheme, rest] = /^(https?)(?:\/\/|:\/(?!\/)|;\/\/|:\\+)(.+)$/i.exec(text) ?? [];
  return scheme === undefined || rest === undefined ? null : `${scheme.toLowerCase()}://${rest}`;
}
