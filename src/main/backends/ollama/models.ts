// What an Ollama has installed, as far as it can chat, newest first.
import type { ModelInfo } from '../../../contract/backends.ts';
import { isCloudModel, isSameModel, type ListedModel, MAKERS_HOST } from '../../ollama/index.ts';

/** The models that write answers, the one changed last first. @param listed as /api/tags tells them */
export function chatModels(listed: readonly ListedModel[]): ModelInfo[] {
  return listed
    .filter(writesAnswers)
    .toSorted(byChange)
    .map(({ name, sizeBytes, family, parameters, quantization, remoteHost }) => ({
      name,
      sizeBytes,
      family,
      parameters,
      quantization,
      ...(remoteHost === null ? {} : { remoteHost }),
    }));
}

/**
 * The one that an unnamed question gets: nobody's question is handed on to another computer unasked, and a base model, which
 * goes on with a text instead of answering it, is asked only where there is no other.
 */
export function defaultModel(models: readonly ModelInfo[]): string | null {
  const own = models.filter(({ remoteHost }) => remoteHost === undefined);
  return (own.find(({ name }) => !isBaseName(name)) ?? own[0])?.name ?? null;
}

/** As makers and Ollama's library name them: `llama3.1:8b-text-q4_0`, `qwen3:8b-base`, `gemma-3-4b-pt`. */
function isBaseName(name: string): boolean {
  const words = name.toLowerCase().split(/[^a-z\d]+/);
  return words.some((word) => BASE_WORDS.has(word)) && !words.some((word) => CHAT_WORDS.has(word));
}

const BASE_WORDS = new Set(['base', 'text', 'pt', 'pretrained', 'foundation']);
const CHAT_WORDS = new Set(['instruct', 'chat', 'it']);

/** The model as the list names it: `smol` and `smol:latest` are one. @param model null stays null */
export function listedName(model: string | null, models: readonly ModelInfo[]): string | null {
  if (model === null) return null;
  return models.find(({ name }) => isSameModel(name, model))?.name ?? model;
}

/** Where the questions for a model end up when this server does not run it itself; else null. */
export function handedOnTo(model: string | null, models: readonly ModelInfo[]): string | null {
  if (model === null) return null;
  const listed = models.find(({ name }) => isSameModel(name, model));
  return listed ? (listed.remoteHost ?? null) : isCloudModel(model) ? MAKERS_HOST : null;
}

/** The model for vectors: the newest one made for nothing else, of those that the server runs itself. Null when there is none. */
export function embeddingModel(listed: readonly ListedModel[]): string | null {
  const [model] = listed
    .filter((one) => !writesAnswers(one) && one.remoteHost === null)
    .filter(({ capabilities }) => capabilities?.includes('embedding') ?? true)
    .toSorted(byChange);
  return model?.name ?? null;
}

function writesAnswers({ name, family, families, capabilities }: ListedModel): boolean {
  if (capabilities?.some((one) => /^(?:completion|chat)/i.test(one))) return true;
  if (capabilities?.some((one) => /^(?:embed|image$|rerank)/i.test(one))) return false;
  // Older servers tell no capabilities: embedding models are known by their family or their name.
  return ![family ?? '', ...families].some((one) => /bert/i.test(one)) && !/embed/i.test(name);
}

const byChange = (a: ListedModel, b: ListedModel) => (b.modifiedAtMs ?? 0) - (a.modifiedAtMs ?? 0);
