// Which places of an address are asked, and what the answers say together.
import type { ModelInfo } from '../../../contract/backends.ts';
import { isKeyWanted, mostTelling, ollamaModels, ollamaVersion, openaiModels, productOf } from './verdict.ts';
import type { Seen } from './request.ts';
import { isOllamaModel } from '../url/url.ts';
import { hasPath, hasPort, isSecure, type ServerUrl, webUrl } from '../list/address.ts';

/** `open`: in the second round, without key and headers, as anybody could. */
export type Round = 'first' | 'second' | 'open';
/** Asks one address. Rejects only when nobody waits any more. */
export type Ask = (url: string, round: Round) => Promise<Seen>;
/** Whether questions are taken at an address; null where that can't be told. */
export type AskForChat = (url: string) => Promise<boolean | null>;

export interface Found {
  /** What is kept. */
  url: ServerUrl;
  version: string | null;
  models: ModelInfo[];
  /** For example `LM Studio`. */
  product: string | null;
  latencyMs: number;
  key: 'notNeeded' | 'accepted' | 'unknown';
  /** Nothing takes questions there. */
  isWithoutChat: boolean;
}

export interface Asks {
  ask: Ask;
  askForChat: AskForChat;
  /** Whether a key or headers go along. */
  hasAccess: boolean;
}

export type Search = { found: Found } | { found: null; seen: Seen };

/** A place where something may answer. */
interface Candidate {
  kind: 'ollama' | 'openai';
  /** What is kept if it does. */
  url: ServerUrl;
  /** Only the host was typed, not this port. */
  isGuess: boolean;
}

const OLLAMA_PORT = 11_434;
const LM_STUDIO_PORT = 1_234;

/** The first place that answers as one of the two, in the order in which they are likely to be meant. */
export async function search(url: ServerUrl, typed: string, asks: Asks): Promise<Search> {
  const { ask } = asks;
  const asked = candidates(url, typed).map((one) => ({ ...one, answer: ask(firstQuestion(one), 'first') }));
  // Those that are not waited for end with the search.
  for (const { answer } of asked) answer.catch(() => {});
  const seen: Seen[] = [];
  let withoutChat: Found | null = null;
  for (const { answer, isGuess, ...one } of asked) {
    const answered = await answer;
    const matched = match(one, answered);
    if (matched !== null) {
      const found = await complete(one, answered, matched, asks);
      if (!found.isWithoutChat) return { found };
      withoutChat ??= found;
    } else if (!isGuess) seen.push(answered);
  }
  return withoutChat === null ? { found: null, seen: mostTelling(seen) } : { found: withoutChat };
}

function candidates(url: ServerUrl, typed: string): Candidate[] {
  const model = 'model' in url ? url.model : null;
  const { host } = url;
  // Another's name for a model would be lost, or make an address that can't be read again.
  const ollama = (at: string, isGuess = false): Candidate[] =>
    model === null || isOllamaModel(model)
      ? [{ kind: 'ollama', url: { scheme: 'ollama', model, host: at }, isGuess }]
      : [];
  const openai = (base: string, isGuess = false): Candidate => {
    const scheme = base.startsWith('https:') ? 'https' : 'http';
    return { kind: 'openai', url: { scheme, base, host: new URL(base).host, model }, isGuess };
  };
  if (url.scheme === 'ollama') return [...ollama(host), openai(`http://${host}/v1`)];
  const base = webUrl(url);
  const root = `${new URL(base).origin}/v1`;
  const isPlain = !isSecure(url);
  // A path is meant as it is typed, and else there may be one that was forgotten.
  if (hasPath(typed)) {
    return [openai(base), ...(root === base ? [] : [openai(root)]), ...(isPlain ? ollama(host) : [])];
  }
  const name = host.replace(/:\d+$/, '');
  const isOpen = !hasPort(typed) && !typed.includes('://');
  const guesses = isOpen
    ? [...ollama(`${name}:${OLLAMA_PORT}`, true), openai(`http://${name}:${LM_STUDIO_PORT}/v1`, true)]
    : [];
  return [...(isPlain ? ollama(host) : []), ...guesses, openai(base)];
}

function firstQuestion({ kind, url }: Candidate): string {
  return kind === 'ollama' ? `${webUrl(url)}/api/version` : `${webUrl(url)}/models`;
}

type Matched = Pick<Found, 'version' | 'models'>;

function match({ kind }: Pick<Candidate, 'kind'>, seen: Seen): Matched | null {
  if (kind === 'openai') {
    const models = openaiModels(seen);
    return models && { version: null, models };
  }
  const found = ollamaVersion(seen);
  return found && { ...found, models: [] };
}

async function complete(
  { kind, url }: Pick<Candidate, 'kind' | 'url'>,
  seen: Seen,
  { version, models }: Matched,
  { ask, askForChat, hasAccess }: Asks,
): Promise<Found> {
  const list = kind === 'ollama' ? `${webUrl(url)}/api/tags` : `${webUrl(url)}/models`;
  const [listed, open, takes] = await Promise.all([
    kind === 'ollama' ? ask(list, 'second') : null,
    // A server that gives its list to anybody has not looked at the key.
    hasAccess ? ask(list, 'open') : null,
    askForChat(chatUrl({ kind, url })),
  ]);
  return {
    url,
    version,
    models: listed === null ? models : ollamaModels(listed),
    product: kind === 'ollama' ? 'Ollama' : productOf(seen),
    latencyMs: seen.latencyMs,
    key: open === null ? 'notNeeded' : isKeyWanted(open) ? 'accepted' : 'unknown',
    isWithoutChat: takes === false,
  };
}

/** Where questions are taken. */
export function chatUrl({ kind, url }: Pick<Candidate, 'kind' | 'url'>): string {
  return kind === 'ollama' ? `${webUrl(url)}/api/chat` : `${webUrl(url)}/chat/completions`;
}
