// Finds out what an address is before it is added: Ollama, something OpenAI-compatible, a query service, or why nothing.
//
// The key goes to the host that was typed and nowhere else: over no redirect, and not where anybody on the way could read it.
import type { ProbeInput, ProbeResult } from '../../../contract/backends.ts';
import { createFetch } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import { answerLimitMs } from '../../waits/index.ts';
import { text as words } from '../../words/index.ts';
import { accessHeaders } from '../remote/asked.ts';
import { takesQuestions } from '../remote/takes-questions.ts';
import { isLocal, printBackendUrl } from '../url/url.ts';
import { checkAccess } from '../list/access.ts';
import { isInClear, readServerUrl, type ServerUrl } from '../list/address.ts';
import { nameOf } from '../list/names.ts';
import { look, type Seen } from './request.ts';
import { chatUrl, type Round, type Search, search } from './search.ts';
import { isKeyWanted, isReached, problemOf } from './verdict.ts';

export interface ProbeOptions {
  signal: AbortSignal;
  /** For a connection. The whole takes at most twice as long: two answers, one after the other. */
  connectMs: number;
}

/** Of the connect limit, for the second answer. */
const SECOND_SHARE = 0.8;

/** @throws HearthError `backend_url_invalid`, `bad_request` for what can't be sent, or the signal's reason */
export async function probe(input: ProbeInput, { signal, connectMs }: ProbeOptions): Promise<ProbeResult> {
  checkAccess(input);
  const url = readServerUrl(input.url);
  const access = accessHeaders({ key: input.key ?? null, headers: input.headers ?? {} });
  const isHeldBack = Object.keys(access).length > 0 && isInClear(url);
  const headers = isHeldBack ? {} : access;
  const hasKey = Object.keys(headers).length > 0;
  const ends = new AbortController();
  const asked = { host: url.host, hasKey };
  const fetch = createFetch({
    purpose: 'look at a backend',
    service: words('backends:probe.server'),
    connectTimeoutMs: () => connectMs,
  });
  const both = AbortSignal.any([signal, ends.signal]);
  const ask = (to: string, round: Round, method: 'GET' | 'OPTIONS' = 'GET'): Promise<Seen> => {
    const limitMs = round === 'first' ? answerLimitMs(connectMs) : connectMs * SECOND_SHARE;
    return look(fetch, { url: to, method, headers: round === 'open' ? {} : headers, limitMs }, both);
  };
  const askForChat = (to: string) => takesQuestions(fetch, { url: to, headers }, both);
  try {
    const outcome =
      url.scheme === 'query+http' || url.scheme === 'query+https'
        ? queried(url, await ask(url.url, 'first', 'OPTIONS'), asked)
        : searched(url, await search(url, input.url, { ask, askForChat, hasAccess: hasKey }), asked);
    // The server may want the key that it was not given.
    if (!isHeldBack || (outcome.problem !== null && outcome.key !== 'needed')) return outcome;
    return {
      ...outcome,
      key: 'unknown',
      problem: new HearthError('backend_key_in_clear', { host: url.host }).toInfo(),
    };
  } finally {
    ends.abort(new HearthError('cancelled'));
    fetch.close();
  }
}

interface Asked {
  host: string;
  hasKey: boolean;
}

/** Only that it is there is known: such a service answers nothing but questions, and none is asked for a test. */
function queried(url: ServerUrl, seen: Seen, asked: Asked): ProbeResult {
  const isThere = isReached(seen) && !isKeyWanted(seen) && seen.what !== 'redirect';
  return isThere ? { ...result(url, 'query'), latencyMs: seen.latencyMs } : failed(url, seen, asked);
}

function searched(typed: ServerUrl, outcome: Search, asked: Asked): ProbeResult {
  if (outcome.found === null) return failed(typed, outcome.seen, asked);
  const { url, product, isWithoutChat, ...rest } = outcome.found;
  const kind = url.scheme === 'ollama' ? 'ollama' : 'openai';
  const path = new URL(chatUrl({ kind, url })).pathname;
  const problem = isWithoutChat ? new HearthError('backend_no_chat', { host: url.host, path }).toInfo() : null;
  const name = product !== null && isLocal(url) ? product : nameOf(url);
  return { ...result(url, kind), ...rest, name, problem };
}

function failed(url: ServerUrl, seen: Seen, asked: Asked): ProbeResult {
  const kind = url.scheme === 'ollama' ? 'ollama' : url.scheme.startsWith('query') ? 'query' : 'openai';
  return {
    ...result(url, kind),
    latencyMs: isReached(seen) ? seen.latencyMs : null,
    key: isKeyWanted(seen) ? (asked.hasKey ? 'refused' : 'needed') : 'unknown',
    problem: problemOf(seen, asked).toInfo(),
  };
}

function result(url: ServerUrl, kind: ProbeResult['kind']): ProbeResult {
  return {
    url: printBackendUrl(url),
    kind,
    name: nameOf(url),
    host: url.host,
    version: null,
    latencyMs: null,
    models: [],
    key: 'unknown',
    problem: null,
  };
}
