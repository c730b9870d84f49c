// What went wrong with a download, from what Ollama said, and whether trying again can help.
//
// Ollama tells its troubles as English sentences of Go. The texts are those of its source (server/images.go, download.go,
// auth.go), of Go's network errors and of the systems; tests/unit/downloads/trouble.test.ts holds real ones.
import type { ErrorInfo } from '../../../contract/errors.ts';
import { HearthError, toErrorInfo } from '../../errors/index.ts';
import { sizeText, text } from '../../words/index.ts';
import { bareName, registryOf } from './name.ts';

export interface Trouble {
  problem: ErrorInfo;
  /** `again`: by itself, later. `once`: by itself, but only one time. `user`: when the user has done something. */
  retry: 'again' | 'once' | 'user';
}

export interface TroubleFacts {
  model: string;
  /** What is still to come; null when that is not known. */
  missingBytes: number | null;
}

/** Any thrown value of an attempt. */
export function troubleOf(error: unknown, facts: TroubleFacts): Trouble {
  const problem = toErrorInfo(error);
  const { code, params, detail } = problem;
  if (code === 'backend_failed' || code === 'request_refused')
    return troubleFromWords(String(params.reason ?? ''), detail, facts);
  if (code === 'model_not_found')
    return user('pull_not_found', { model: facts.model, host: registryOf(facts.model) }, detail);
  return { problem, retry: NOT_OLLAMA.has(code) ? 'user' : 'again' };
}

/**
 * Something else than Ollama answers there, or it does not let us in. With every other code Ollama is away, is being started
 * or was ended in the middle: it will be there again.
 */
const NOT_OLLAMA: ReadonlySet<ErrorInfo['code']> = new Set([
  'backend_html',
  'backend_login',
  'backend_redirects',
  'backend_garbage',
  'backend_refused',
  'backend_url_invalid',
]);

/** Nothing new came from the registry for so long. */
export function nothingArrives(model: string): HearthError {
  return new HearthError('pull_no_network', { model, host: registryOf(model) });
}

function troubleFromWords(words: string, detail: string | undefined, { model, missingBytes }: TroubleFacts): Trouble {
  const host = registryOf(model);
  const reason = reasonIn(words);
  // An address holds the model's name, and a name may hold any word.
  const said = words.replaceAll(/"https?:[^"]*"/g, '');
  if (NO_SPACE.test(said))
    return user(
      'pull_no_space',
      { model, needed: missingBytes ? sizeText(missingBytes) : text('ollama:some_space') },
      detail,
    );
  if (/digest mismatch/i.test(said)) return { ...user('pull_digest_mismatch', { model }, detail), retry: 'once' };
  if (/invalid model name/i.test(said)) return user('model_name_invalid', { name: model }, detail);
  const status = statusIn(said);
  if (NOT_FOUND.test(said) || status === 404) return user('pull_not_found', { model, host }, detail);
  if (REFUSED.test(said) || status === 401 || status === 403)
    return user('pull_refused', { model, host, reason }, detail);
  if (PLAIN_HTTP.test(said)) return user('pull_plain_http', { model: bareName(model), host }, detail);
  // A certificate that is wrong stays wrong, although the words around it are those of the network.
  if (WRONG_FOR_GOOD.test(said)) return user('pull_failed', { model, reason }, detail);
  if ((status !== null && (status >= 500 || status === 429)) || NETWORK.test(said))
    return { ...user('pull_no_network', { model, host }, detail), retry: 'again' };
  return user('pull_failed', { model, reason }, detail);
}

/** `write ...: no space left on device`, and the same on Windows, under a quota, and as newer servers word it. */
const NO_SPACE = /no space left|not enough (?:disk )?space|insufficient (?:disk )?space|disk quota exceeded|disk full/i;
/** `pull model manifest: file does not exist`: Ollama's word for a 404 of the registry. A missing file of its own names a path. */
const NOT_FOUND = /manifest: file does not exist|model .*not found|manifest unknown/i;
const REFUSED =
  /unauthorized|access denied|forbidden|authentication required|does not match original host|is restricted/i;
/** A registry without a certificate, asked as if it had one. */
const PLAIN_HTTP = /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/i;
const WRONG_FOR_GOOD = /x509|certificate|insecure protocol|no Location header/i;
const NETWORK = new RegExp(
  [
    'dial tcp',
    'lookup ',
    'no such host',
    'connection (?:refused|reset|timed out|aborted)',
    'broken pipe',
    'network is (?:unreachable|down)',
    'no route to host',
    'host is down',
    'timeout',
    'timed out',
    'deadline exceeded',
    'server misbehaving',
    'proxyconnect',
    '\\bEOF\\b',
    'max retries exceeded',
    'stalled',
    'use of closed',
    // One that is asked for again while Ollama is still ending it.
    'context canceled|request canceled',
    'http2: ',
    'stream error',
    'GOAWAY',
    'connectex|wsarecv|wsasend',
    'unexpected status code 5\\d\\d',
  ].join('|'),
  'i',
);

/** `pull model manifest: 412: ...`: what the registry answered with. */
function statusIn(said: string): number | null {
  const status = /^(?:pull model manifest: )?(\d{3}): /.exec(said)?.[1];
  return status === undefined ? null : Number(status);
}

const REASON_MAX_CHARS = 300;

/** What a person can read of it: without Ollama's step and status in front, JSON opened, on one line. */
function reasonIn(said: string): string {
  const words = said.replace(/^pull model manifest: /, '').replace(/^\d{3}: /, '');
  const opened = /^\{.*?"error"\s*:\s*"((?:[^"\\]|\\.)*)"/s.exec(words)?.[1] ?? words;
  const line = opened
    .replaceAll(String.raw`\"`, '"')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return line.slice(0, REASON_MAX_CHARS);
}

function user(code: HearthError['code'], params: HearthError['params'], detail: string | undefined): Trouble {
  const error = new HearthError(code, params, detail === undefined ? {} : { detail });
  return { problem: error.toInfo(), retry: 'user' };
}
