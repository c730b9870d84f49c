// Addresses as people type them, made backend URLs that can be added.
import { placeOf } from '../../../contract/hosts.ts';
import { HearthError } from '../../errors/index.ts';
import { withoutCredentials } from '../../ollama/index.ts';
import { text as words } from '../../words/index.ts';
import { type BackendUrl, parseBackendUrl } from '../url/url.ts';

/** A backend on a server, which is what can be added. */
export type ServerUrl = Extract<BackendUrl, { host: string | null }> & { host: string };

const EXAMPLE = 'http://studio.local:1234/v1';

/**
 * Reads `studio.local`, `192.168.1.20:1234` and every backend URL of a server.
 * @throws HearthError `backend_url_invalid`
 */
export function readServerUrl(typed: string): ServerUrl {
  const text = typed.trim();
  const [, slip, rest = ''] = /^(https?)\/\/(.*)$/is.exec(text) ?? [];
  if (slip !== undefined) {
    // Without its colon it would be read as a server of that name.
    const reason = words('backends:list.noColon', { scheme: slip });
    const example = `${slip.toLowerCase()}://${withoutCredentials(rest) || 'studio.local:1234/v1'}`;
    throw new HearthError('backend_url_invalid', {
      url: withoutCredentials(text),
      reason,
      place: `${slip}//`,
      example,
    });
  }
  const url = parseBackendUrl(withScheme(text));
  if ('host' in url && url.host !== null) return { ...url, host: url.host };
  const reason = words('backends:list.notAServer', { scheme: `${url.scheme}://` });
  throw new HearthError('backend_url_invalid', { url: text, reason, place: text, example: EXAMPLE });
}

/** Whether a path was typed: what is meant then is that place and no other. */
export function hasPath(typed: string): boolean {
  return /^[^/#]+\/[^#]/.test(withoutScheme(typed));
}

/** Whether a port was typed. */
export function hasPort(typed: string): boolean {
  return /^(?:\[[^\]]*\]|[^/:#]*):\d+/.test(withoutScheme(typed));
}

export function isSecure({ scheme }: ServerUrl): boolean {
  return scheme === 'https' || scheme === 'query+https';
}

/** The address that requests go to: of an OpenAI-compatible server its base, of Ollama its origin, of a query service all. */
export function webUrl(url: ServerUrl): string {
  switch (url.scheme) {
    case 'ollama':
      return `http://${url.host}`;
    case 'http':
    case 'https':
      return url.base;
    case 'query+http':
    case 'query+https':
      return url.url;
    default:
      return url satisfies never;
  }
}

/** Whether a key that is sent there can be read on the way by others than those of this computer and its network. */
export function isInClear(url: ServerUrl): boolean {
  return !isSecure(url) && placeOf(url.host) === 'internet';
}

/** Without its port; IPv6 in brackets. */
export function hostname({ host }: ServerUrl): string {
  return host.replace(/:\d+$/, '');
}

function withScheme(text: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return text;
  return /^[^/]*:443(?:$|\/)/.test(text) ? `https://${text}` : `http://${text}`;
}

function withoutScheme(typed: string): string {
  return typed.trim().replace(/^[a-z][a-z\d+.-]*:\/\//i, '');
}
