// What stands between Hearth and a server, or in its place, and answers instead: redirects, login pages, gateways.
import { HearthError } from '../../errors/index.ts';
import { readSaid } from './said.ts';
import type { Refusing } from './wait-asked.ts';

/** Nobody answered the one that answers here. */
const GATEWAY = new Set([408, 499, 502, 504, 520, 521, 522, 523, 524, 525, 526, 527]);
const SIGN_IN_STATUS = 511;
const TOO_LARGE_STATUS = 413;
const SIGN_IN_PATH = /(?:^|[/_.-])(?:log-?in|sign-?in|sso|oauth2?|captive|hotspot)(?:[/_.-]|$)/i;
const SIGN_IN_PAGE =
  /<input\b[^>]*\btype\s*=\s*["']?password|<form\b[^>]*\baction\s*=\s*["']?[^"'>]*(?:log-?in|sign-?in)/i;

export interface Behind {
  backend: string;
  /** `host:port`. */
  host: string;
  /** Takes what is secret out of a text. */
  clean: (said: string) => string;
}

/** The failure for it; null where the server itself answered. */
export function failureInBetween(refusing: Refusing, { backend, host, clean }: Behind): HearthError | null {
  const { status, said } = refusing;
  const detail = { detail: clean(`HTTP ${status} ${said}`).trim().slice(0, 1_000) };
  const to = placeOf(refusing, host);
  const signIn = (page: string) => new HearthError('backend_login', { backend, host, page: clean(page) }, detail);
  if (to !== null && SIGN_IN_PATH.test(to.pathname)) return signIn(to.origin + to.pathname);
  if (to !== null) {
    return new HearthError('backend_redirects', { host, backend, to: clean(to.origin + to.pathname) }, detail);
  }
  // A key that is missing or wrong has a sentence of its own, whatever page comes with it.
  const isAboutKey = status === 401 || status === 403;
  if (status === SIGN_IN_STATUS || (!isAboutKey && SIGN_IN_PAGE.test(said))) return signIn(host);
  if (status === TOO_LARGE_STATUS) return new HearthError('request_too_large', { host, backend }, detail);
  // What the server itself says of its trouble counts more than the status.
  const isOwnWord = readSaid(said).isJson && readSaid(said).reason !== null;
  return GATEWAY.has(status) && !isOwnWord
    ? new HearthError('backend_gateway', { host, backend, status }, detail)
    : null;
}

/** Where a redirect leads. */
function placeOf({ status, header }: Refusing, host: string): URL | null {
  const location = header('location');
  const from = `http://${host}`;
  if (status < 300 || status >= 400 || location === null || !URL.canParse(location, from)) return null;
  return new URL(location, from);
}
