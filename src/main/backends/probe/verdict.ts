// What the answers of an address mean: what runs there, or why nothing does that Hearth could use.
import type { ModelInfo } from '../../../contract/backends.ts';
import { HearthError } from '../../errors/index.ts';
import type { ListedModel } from '../../ollama/index.ts';
import { chatModels } from '../ollama/models.ts';
import type { Seen } from './request.ts';

/** Null: it is no Ollama that answers. */
export function ollamaVersion(seen: Seen): string | null {
  const version = seen.what === 'json' ? asObject(seen.value).version : null;
  return typeof version === 'string' && version !== '' ? version : null;
}

export function ollamaModels(seen: Seen): ModelInfo[] {
  const models = seen.what === 'json' ? asObject(seen.value).models : null;
  if (!Array.isArray(models)) return [];
  return chatModels(models.filter((one: unknown): one is ListedModel => typeof asObject(one).name === 'string'));
}

/** Null: it is no list of models as OpenAI's API has it. */
export function openaiModels(seen: Seen): ModelInfo[] | null {
  const list = seen.what === 'json' ? asObject(seen.value).data : null;
  if (!Array.isArray(list)) return null;
  const names = list.map((one) => asObject(one).id).filter((id) => typeof id === 'string');
  if (names.length < list.length) return null;
  return names.map((name) => ({ name, sizeBytes: null, family: null, parameters: null, quantization: null }));
}

/** The name of the program, where it says so in passing. */
export function productOf(seen: Seen): string | null {
  if (seen.what !== 'json') return null;
  const list = asObject(seen.value).data;
  const owner = Array.isArray(list) ? asObject(list[0]).owned_by : null;
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

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
