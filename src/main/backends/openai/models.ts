// The list of /models as Hearth shows it, and what it gives away of the server.
import type { ModelInfo } from '../../../contract/backends.ts';
import { countFrom, fieldsOf, listIn, named, nameFrom, wordsFrom } from '../../diagnostics/index.ts';
import type { Flavour } from './dialect.ts';

export interface FoundModels {
  /** Those that can chat, in the server's order. */
  models: ModelInfo[];
  /** The first that makes vectors, where the server says which do. */
  embeddingModel: string | null;
  flavour: Flavour;
  /** The engine and its version as far as the server tells them. */
  version: string | null;
}

/** One model of the list, as far as it can be read. */
interface Entry {
  name: string;
  /** What kind of model it is, in the server's word; null where it does not tell. */
  type: string | null;
  /** Null where it tells none. */
  capabilities: string[] | null;
  /** It says of itself that it can't chat. */
  isNoChat: boolean;
  owner: string | null;
  sizeBytes: number | null;
  parameterCount: number | null;
}

/** @returns null for anything that is no list of models */
export function readModels(value: unknown, server: string | null): FoundModels | null {
  const list = listIn(value, ['data', 'models']);
  if (list === null) return null;
  const entries = named(list, entryFrom);
  return {
    models: entries.filter((entry) => !isForVectors(entry) && isForChat(entry)).map(modelInfo),
    embeddingModel: entries.find(isForVectors)?.name ?? null,
    flavour: flavourOf(entries, server),
    version: versionOf(entries, server),
  };
}

function entryFrom(value: unknown): Entry | null {
  const { id, name, model, type, capabilities, owned_by: owner, meta } = fieldsOf(value);
  const known =
    nameFrom(id) ?? nameFrom(name) ?? nameFrom(model) ?? (typeof value === 'string' ? nameFrom(value) : null);
  if (known === null) return null;
  // llama-server tells what it has loaded.
  const { size, n_params: parameters } = fieldsOf(meta);
  return {
    name: known,
    type: nameFrom(type),
    capabilities: wordsFrom(capabilities),
    // Mistral says of each model whether it can chat.
    isNoChat: fieldsOf(capabilities).completion_chat === false,
    owner: nameFrom(owner),
    sizeBytes: countFrom(size),
    parameterCount: countFrom(parameters),
  };
}

function modelInfo({ name, sizeBytes, parameterCount }: Entry): ModelInfo {
  const parameters = parameterCount === null ? null : inBillions(parameterCount);
  return { name, sizeBytes, family: null, parameters, quantization: null };
}

function inBillions(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)}B` : `${Math.round(count / 1e6)}M`;
}

/** LM Studio and Together tell a `type`, others what a model can do; OpenAI and LM Studio name theirs `text-embedding-…`. */
function isForVectors({ name, type, capabilities }: Entry): boolean {
  if (type !== null && /^embeddings?$/i.test(type)) return true;
  if (capabilities?.some((one) => /^embeddings?$/i.test(one)))
    return !capabilities.some((one) => /^(?:completion|chat)/i.test(one));
  return /(?:^|\/)text-embedding-/i.test(name);
}

const OTHER_TYPES = /^(?:rerank(?:er)?|moderation|audio|image|video|transcribe)$/i;

const isForChat = ({ type, isNoChat }: Entry) => !isNoChat && !(type !== null && OTHER_TYPES.test(type));

const SERVER = /^(llama\.?cpp|vllm|lm[- ]?studio|ollama|sglang|localai|mlx[\w-]*)(?:\/(\S+))?/i;
const ENGINES: Record<string, string> = { llamacpp: 'llama.cpp', vllm: 'vLLM', sglang: 'SGLang' };

function flavourOf(entries: readonly Entry[], server: string | null): Flavour {
  if (/^llama\.?cpp/i.test(server ?? '')) return 'llamacpp';
  const owner = entries[0]?.owner;
  return owner === 'llamacpp' || owner === 'vllm' ? owner : null;
}

/** A proxy in front (nginx, uvicorn) says nothing of the engine. */
function versionOf(entries: readonly Entry[], server: string | null): string | null {
  const [, name, number] = SERVER.exec(server ?? '') ?? [];
  if (name !== undefined) return number === undefined ? name : `${name} ${number}`;
  const owner = entries[0]?.owner ?? '';
  return Object.hasOwn(ENGINES, owner) ? (ENGINES[owner] ?? null) : null;
}
