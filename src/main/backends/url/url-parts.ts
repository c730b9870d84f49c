// Hosts, ports and paths of backend URLs, and the error for those that are wrong.
import { HearthError } from '../../errors/index.ts';
import { withoutCredentials } from '../../ollama/index.ts';
import { text as words } from '../../words/index.ts';

/** The error for the wrong piece of a URL. The reason is a text of `backends:url`, which gets the place. */
export type Refuse = (place: string, reason: string, values?: Record<string, string>) => HearthError;

export function refusal(text: string, example: string): Refuse {
  return (place, reason, values = {}) =>
    new HearthError('backend_url_invalid', {
      url: withoutCredentials(text),
      reason: words(`backends:url.${reason}`, { place, ...values }),
      place,
      example,
    });
}

interface Authority {
  /** In lower case; IPv6 in brackets. */
  hostname: string;
  /** Null: none is written. */
  port: number | null;
}

/** `host`, `host:port`, `[::1]:port`. */
export function readAuthority(protocol: 'http' | 'https', text: string, refuse: Refuse): Authority {
  if (text.includes('@')) throw refuse('***@', 'credentials');
  if (text === '') throw refuse('://', 'noHost');
  const [, name = '', portText = null] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(text) ?? [];
  // URL would take out or rewrite what nobody means to write in a host.
  if (name === '' || /[\s\p{Cc}/\\?#%]/u.test(name)) throw refuse(text, 'host');
  if (portText !== null && !isPort(portText)) throw refuse(portText || `${name}:`, 'port');
  if (!URL.canParse(`${protocol}://${name}`)) throw refuse(text, 'host');
  const { hostname } = new URL(`${protocol}://${name}`);
  if (hostname === '') throw refuse(text, 'host');
  return { hostname, port: portText === null ? null : Number(portText) };
}

/** The parts of a web address; `rest` is what follows `://`. A port that is the protocol's own is left out of the origin. */
export function webAddress(
  protocol: 'http' | 'https',
  rest: string,
  refuse: Refuse,
): { origin: string; host: string; path: string } {
  const [, authority = '', path = ''] = /^([^/?#\\]*)(.*)$/s.exec(rest) ?? [];
  const { hostname, port } = readAuthority(protocol, authority, refuse);
  const [, stray] = /([?#].*)$/s.exec(path) ?? [];
  // What stands behind a question mark is often a key.
  if (stray !== undefined) throw refuse(stray.startsWith('?') ? '?' : '#', 'endsWithPath');
  if (/[\s\p{Cc}\\]/u.test(path)) throw refuse(withoutCredentials(path), 'path');
  const own = protocol === 'https' ? 443 : 80;
  const origin = `${protocol}://${hostname}${port === null || port === own ? '' : `:${port}`}`;
  return { origin, host: `${hostname}:${port ?? own}`, path: new URL(`${origin}${path}`).pathname };
}

function isPort(text: string): boolean {
  const port = Number(text);
  return /^\d{1,5}$/.test(text) && port > 0 && port <= 65_535;
}
