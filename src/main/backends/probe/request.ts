// One question to an address that may be anything: who answers, within which time, never more than a bounded answer.
import type { Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { text as words } from '../../words/index.ts';
import { createDeadline } from '../waiting/deadline.ts';

/** What an address answered. */
export type Seen = { latencyMs: number } & (
  | { what: 'json'; value: unknown; server: string | null }
  /** A status of success with a body that is not JSON: a page, something else, or more than anybody reads. */
  | { what: 'other' }
  | { what: 'status'; status: number }
  | { what: 'redirect'; to: string }
  | { what: 'failure'; error: HearthError }
);

export interface Look {
  url: string;
  /** OPTIONS asks nothing of a service. Default GET. */
  method?: 'GET' | 'OPTIONS';
  headers: Readonly<Record<string, string>>;
  /** For the whole answer. */
  limitMs: number;
}

/** The lists of the largest providers have less than a fifth of it. */
const BODY_MAX_BYTES = 4 * 1024 * 1024;

/** Rejects only with the signal's reason. Redirects are told, not followed. */
export async function look(
  fetch: Fetch,
  { url, method = 'GET', headers, limitMs }: Look,
  signal: AbortSignal,
): Promise<Seen> {
  const { host } = new URL(url);
  const deadline = createDeadline(signal);
  deadline.set(limitMs, () => new HearthError('backend_no_answer', { host, seconds: Math.round(limitMs / 100) / 10 }));
  const startedMs = performance.now();
  try {
    const response = await fetch(url, {
      method,
      headers: { accept: 'application/json', ...headers },
      signal: deadline.signal,
    });
    const latencyMs = performance.now() - startedMs;
    return { ...(await read(response, url, method)), latencyMs };
  } catch (error) {
    signal.throwIfAborted();
    return { what: 'failure', error: inWords(error, host), latencyMs: performance.now() - startedMs };
  } finally {
    deadline.abandon();
  }
}

type Answer = Seen extends infer One ? (One extends unknown ? Omit<One, 'latencyMs'> : never) : never;

async function read(response: Response, url: string, method: string): Promise<Answer> {
  const { status, headers } = response;
  if (status >= 300 && status < 400) return { what: 'redirect', to: target(headers.get('location'), url) };
  if (status < 200 || status >= 300) return { what: 'status', status };
  if (method !== 'GET' || headers.get('content-type')?.toLowerCase().includes('text/html')) return { what: 'other' };
  const body = await bounded(response);
  try {
    return body === null ? { what: 'other' } : { what: 'json', value: JSON.parse(body), server: headers.get('server') };
  } catch {
    return { what: 'other' };
  }
}

/** Null when there is more than anybody should read. */
async function bounded(response: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = '';
  let restBytes = BODY_MAX_BYTES;
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) {
    restBytes -= piece.value.byteLength;
    // Whoever looks abandons the request, and with it the connection.
    if (restBytes < 0) return null;
    text += decoder.decode(piece.value, { stream: true });
  }
  return text + decoder.decode();
}

/** Where a redirect leads, without what may be secret in it. */
function target(location: string | null, from: string): string {
  if (location === null || !URL.canParse(location, from)) return '?';
  const { origin, pathname } = new URL(location, from);
  return origin + pathname;
}

function inWords(error: unknown, host: string): HearthError {
  if (!(error instanceof HearthError))
    return new HearthError('backend_empty', { host, backend: host }, { cause: error });
  const cause = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = certificateTrouble(code);
  return reason === null
    ? error
    : new HearthError('backend_tls', { host, reason: words(`backends:probe.${reason}`) }, { cause, detail: code });
}

function certificateTrouble(code: string): string | null {
  if (code === 'CERT_HAS_EXPIRED') return 'expired';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'otherName';
  if (/SELF_SIGNED|^UNABLE_TO_|^CERT_/.test(code)) return 'certificate';
  return code === 'EPROTO' || code.startsWith('ERR_SSL') ? 'notSecure' : null;
}
