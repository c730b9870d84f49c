// What the answers of an address mean: what runs there, or why nothing does that Hearth could use.
import type { ModelInfo } from '../../../contract/backends.ts';
import { HearthError } from '../../errors/index.ts';
import { fieldsOf, listIn } from '../../diagnostics/index.ts';
import { readListed, readVersion } from '../../ollama/index.ts';
import { chatModels } from '../ollama/models.ts';
import { readModels } from '../openai/models.ts';
import type { Seen } from './request.ts';

/** Null: it is no Ollama that answers. Its version may be unreadable. */
export function ollamaVersion(seen: Seen): { version: string | null } | null {
  return seen.what === 'json' ? readVersion(seen.value) : null;
}

export function ollamaModels(seen: Seen): ModelInfo[] {
  return chatModels((seen.what === 'json' ? readListed(seen.value) : null) ?? []);
}

/** Null: it is no list of models as OpenAI's API has it. */
export function openaiModels(seen: Seen): ModelInfo[] | null {
  const found = seen.what === 'json' ? readModels(seen.value, seen.server) : null;
  if (found === null || seen.what !== 'json') return null;
  const isOfNothingKnown = found.models.length === 0 && found.embeddingModel === null;
  return isOfNothingKnown && (listIn(seen.value, MODEL_LISTS) ?? []).length > 0 ? null : found.models;
}

const MODEL_LISTS = ['data', 'models'];

/** The name of the program, where it says so in passing. */
export function productOf(seen: Seen): string | null {
  if (seen.what !== 'json') return null;
  const owner = fieldsOf(listIn(seen.value, MODEL_LISTS)?.[0]).owned_by;
  if (owner === 'vllm') return 'vLLM';
  if (owner === 'llamacpp' || seen.server?.toLowerCase() === 'llama.cpp') return 'llama-server';
  return owner === 'organization_owner' ? 'LM Studio' : null;
}

/** Whether a key is asked for, or the one there is refused. */
export function isKeyWanted(seen: Seen): boolean {
  return seen.what === 'status' && isKeyStatus(seen.status);
}

/** Whether anybody answered in HTTP, whatever it said. */
export function isReached(seen: Seen): boolean {
  return seen.what !== 'failure';
}

/** The answer that tells most of why nothing was found; the first of those that tell as much. There must be one. */
export function mostTelling(all: readonly Seen[]): Seen {
  return all.reduce((most, one) => (weight(one) > weight(most) ? one : most));
}

/** Why an address is no backend. */
export function problemOf(seen: Seen, asked: { host: string; hasKey: boolean }): HearthError {
  const { host } = asked;
  switch (seen.what) {
    case 'failure':
      return seen.error;
    case 'redirect':
      return new HearthError('backend_redirects', { host, to: seen.to });
    case 'json':
    case 'other':
      return new HearthError('backend_not_known', { host });
    case 'status':
      return refusalOf(seen.status, asked);
    default:
      return seen satisfies never;
  }
}

function refusalOf(status: number, { host, hasKey }: { host: string; hasKey: boolean }): HearthError {
  if (isKeyStatus(status))
    return new HearthError(hasKey ? 'backend_key_refused' : 'backend_key_needed', { host, status });
  if (status === 429 || status === 503) return new HearthError('backend_busy', { backend: host });
  if (status >= 500) return new HearthError('backend_failed', { backend: host, reason: `HTTP ${status}` });
  return new HearthError('backend_not_known', { host });
}

const isKeyStatus = (status: number) => status === 401 || status === 403;

function weight(seen: Seen): number {
  if (isKeyWanted(seen)) return 6;
  if (seen.what === 'redirect') return 5;
  if (seen.what === 'status') return seen.status >= 429 ? 4 : 3;
  if (seen.what !== 'failure') return 3;
  const { code } = seen.error;
  return code === 'backend_tls' ? 2 : code === 'backend_unreachable' ? 0 : 1;
}
