// Where an Ollama is: the forms people write an address in, made one.
import { HearthError } from '../errors/index.ts';
import { text as words } from '../words/index.ts';
import { endpointIn, ollamaPath } from './endpoint.ts';

export interface ServerAddress {
  /** Without a slash at the end, for example `http://127.0.0.1:11434` or `https://gpu.lan:443/ollama`. */
  origin: string;
  /** `host:port`, as badges and queue lanes show it. */
  host: string;
  /** Whether it is on this computer. */
  isLoopback: boolean;
  /** `default`: nobody named it. */
  from: 'settings' | 'environment' | 'default';
}

export const OLLAMA_DEFAULT_HOST = '127.0.0.1:11434';
const OLLAMA_DEFAULT_PORT = '11434';
const EXAMPLE = 'http://gpu.lan:11434';

/**
 * The address of the settings, else of OLLAMA_BASE_URL, else of OLLAMA_HOST, else Ollama's default.
 * @throws HearthError `backend_url_invalid`
 */
export function ollamaAddress(fromSettings: string | null, env: NodeJS.ProcessEnv): ServerAddress {
  if (fromSettings !== null && fromSettings.trim() !== '') return { ...parseAddress(fromSettings), from: 'settings' };
  const named = [env.OLLAMA_BASE_URL, env.OLLAMA_HOST].find((value) => value !== undefined && value.trim() !== '');
  if (named !== undefined) return { ...parseAddress(named), from: 'environment' };
  return { ...parseAddress(OLLAMA_DEFAULT_HOST), from: 'default' };
}

/** The same as a function that reads anew only when what is written has changed: it is asked several times a question. */
export function addressReader(written: () => string | null, env: NodeJS.ProcessEnv): () => ServerAddress {
  let last: { written: string | null; address: ServerAddress } | null = null;
  return () => {
    const now = written();
    if (last === null || last.written !== now) last = { written: now, address: ollamaAddress(now, env) };
    return last.address;
  };
}

/**
 * Reads an address as Ollama reads OLLAMA_HOST: `host`, `host:port`, `:port`, `http://host`, `[::1]:port`, quoted or not.
 * An address to listen on everywhere (`0.0.0.0`, `::`) means this computer when one connects to it. What belongs to the API
 * (`/v1`, `/api`, `/api/chat`) is cut off.
 * @throws HearthError `backend_url_invalid`
 */
export function parseAddress(written: string): Omit<ServerAddress, 'from'> {
  const text = written.trim().replaceAll(/^["']|["']$/g, '');
  const refuse = (place: string, reason: string) =>
    new HearthError('backend_url_invalid', {
      url: withoutCredentials(written),
      reason: words(`backends:address.${reason}`, { place }),
      place,
      example: EXAMPLE,
    });
  if (text === '') throw refuse('', 'empty');
  const [, scheme, rest = ''] = /^(?:([a-z][a-z\d+.-]*):\/\/)?(.*)$/is.exec(text) ?? [];
  const protocol = (scheme ?? 'http').toLowerCase();
  if (protocol !== 'http' && protocol !== 'https') throw refuse(`${scheme}://`, 'scheme');

  let url: URL;
  try {
    url = new URL(`${protocol}://${withHost(rest)}`);
  } catch {
    throw refuse(withoutCredentials(rest), 'host');
  }
  if (url.username !== '' || url.password !== '') throw refuse('***@', 'credentials');
  const isOfRequest = url.hash === '' && endpointIn(url.pathname) !== null;
  if ((url.search !== '' || url.hash !== '') && !isOfRequest)
    throw refuse(url.search === '' ? '#' : '?', 'endsWithPath');
  // URL forgets a port that is the default of its scheme; without a scheme the default is Ollama's own.
  const isPortWritten = /^(?:\[[^\]]*\]|[^/:]*):\d+/.test(withHost(rest));
  const schemePort = protocol === 'https' ? '443' : '80';
  const port = url.port || (isPortWritten || scheme !== undefined ? schemePort : OLLAMA_DEFAULT_PORT);
  if (port === '0') throw refuse(':0', 'port');
  const hostname = reachable(url.hostname);
  const host = `${hostname}:${port}`;
  return {
    origin: `${protocol}://${host}${ollamaPath(url.pathname)}`,
    host,
    isLoopback: hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname),
  };
}

/** An address as sentences may repeat it: without what stands before an @, and without what stands behind a ?. */
export function withoutCredentials(text: string): string {
  return text.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1***@').replace(/\?.*$/s, '?…');
}

/** `:11500` is this computer; `::1` is an address, not a port. */
function withHost(rest: string): string {
  if (/^:\d+(?:\/|$)/.test(rest)) return `127.0.0.1${rest}`;
  const [, host = '', path = ''] = /^([^/]*)(.*)$/s.exec(rest) ?? [];
  return !host.startsWith('[') && host.split(':').length > 2 ? `[${host}]${path}` : rest;
}

function reachable(hostname: string): string {
  if (hostname === '0.0.0.0') return '127.0.0.1';
  // Listening on `::` takes both kinds of addresses on most systems, one of them on the others.
  if (hostname === '[::]') return 'localhost';
  return hostname;
}
