// One GET to a release server: redirects followed under rules, silence noticed, answers sorted into errors.
import type { Fetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import { Interrupted, reasonOf } from './trouble.ts';

const REDIRECTS_MAX = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** A server may ask for more; nobody waits that long. */
const WAIT_MAX_MS = 10 * 60_000;

export interface Ask {
  fetch: Fetch;
  /** Of the releases: only where it is http itself may an address without encryption follow. */
  base: URL;
  /** No byte for this long: the connection is given up. */
  stallMs: number;
  signal: AbortSignal;
}

export interface Received {
  response: Response;
  /** The piece after the last one is null. Rejects with `Interrupted`, or the signal's reason. */
  read(): Promise<Uint8Array | null>;
  /** To be called at the end, whatever it was. */
  close(): void;
}

/**
 * Resolves with the first answer that is no redirect.
 *
 * @param options.stopAt looks at each redirect's target; true ends the walk there, with the redirect as the answer
 * @throws Interrupted for what may heal, `install_unreachable` for what does not, the signal's reason
 */
export async function get(
  url: URL,
  ask: Ask,
  options: { headers?: Record<string, string>; stopAt?: (location: string) => boolean } = {},
): Promise<Received> {
  const watch = watchForSilence(ask);
  let at = url;
  try {
    for (let redirects = 0; redirects <= REDIRECTS_MAX; redirects += 1) {
      refuseUnsafe(at, ask.base);
      const response = await ask.fetch(at, {
        headers: { 'accept-encoding': 'identity', ...options.headers },
        signal: watch.signal,
      });
      watch.heard();
      const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
      if (location === null || options.stopAt?.(location) === true) return received(response, watch, at.host);
      void response.body?.cancel();
      if (!URL.canParse(location, at)) throw unreachable(at.host, 'not_an_address', { address: location });
      at = new URL(location, at);
    }
    throw unreachable(url.host, 'redirects');
  } catch (error) {
    watch.end();
    throw watch.explained(error, at.host);
  }
}

/** The body as text; more than `maxBytes` is no answer to what was asked. */
export async function readText(
  answer: Received,
  { host, maxBytes }: { host: string; maxBytes: number },
): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (let piece = await answer.read(); piece !== null; piece = await answer.read()) {
    bytes += piece.length;
    if (bytes > maxBytes) throw new Interrupted(host, text('install:wrong_size'));
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Returns for 200, 206 and 416 without a web page in it; throws what any other answer means. */
export function checkAnswer(response: Response, host: string, version: string): void {
  const { status, headers } = response;
  if (status === 404 || status === 410) throw new HearthError('install_not_found', { host, version });
  if (status === 407) throw unreachable(host, 'proxy_password');
  if (status !== 200 && status !== 206 && status !== 416)
    throw new Interrupted(host, text('install:status', { status }), {
      waitMs: askedToWait(headers.get('retry-after')),
    });
  if (status !== 416 && (headers.get('content-type') ?? '').toLowerCase().startsWith('text/html'))
    throw new Interrupted(host, text('install:web_page'));
}

export function unreachable(host: string, key: string, values: Record<string, string> = {}): HearthError {
  return new HearthError('install_unreachable', { host, reason: text(`install:${key}`, values) });
}

function refuseUnsafe(url: URL, base: URL): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && base.protocol === 'http:')) return;
  throw unreachable(base.host, 'not_secure', { host: url.host });
}

function askedToWait(header: string | null): number | null {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, WAIT_MAX_MS) : null;
}

function received(response: Response, watch: SilenceWatch, host: string): Received {
  const reader = response.body?.getReader() ?? null;
  return {
    response,
    async read() {
      try {
        const piece = await reader?.read();
        watch.heard();
        return piece?.value ?? null;
      } catch (error) {
        throw watch.explained(error, host);
      }
    },
    close() {
      watch.end();
      // Not waited for: a connection that is cut says nothing any more.
      reader?.cancel().catch(() => undefined);
    },
  };
}

interface SilenceWatch {
  signal: AbortSignal;
  heard(): void;
  end(): void;
  /** What an error of the request means. */
  explained(error: unknown, host: string): unknown;
}

function watchForSilence({ stallMs, signal }: Ask): SilenceWatch {
  const silence = new AbortController();
  const stop = (): void => silence.abort(signal.reason);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  let isSilent = false;
  const timer = setTimeout(() => {
    isSilent = true;
    silence.abort();
  }, stallMs);
  return {
    signal: silence.signal,
    heard: () => void timer.refresh(),
    end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    },
    explained(error, host) {
      if (signal.aborted) return signal.reason;
      if (isSilent)
        return new Interrupted(host, text('install:stalled', { seconds: stallMs / 1000 }), { cause: error });
      const isOurs = error instanceof HearthError && error.code.startsWith('install_');
      return isOurs || error instanceof Interrupted ? error : new Interrupted(host, reasonOf(error), { cause: error });
    },
  };
}
