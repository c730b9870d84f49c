// The list of /models as Hearth shows it, and what it gives away of the server.
import type { ModelInfo } from '../../../contract/backends.ts';
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

type Entry = Record<string, unknown>;

/** @returns null for anything that is no list of models */
export function readModels(value: unknown, server: string | null): FoundModels | null {
  // Some give the bare list, and Ollama says null for an empty one.
  const list = Array.isArray(value) ? (value as unknown[]) : asEntry(value).data;
  if (list === null && asEntry(value).object === 'list') return { ...NOTHING, version: versionOf([], server) };
  if (!Array.isArray(list)) return null;
  const entries = (list as unknown[]).map(asEntry).filter(({ id }) => typeof id === 'string' && id !== '');
  const embedding = entries.filter(isForVectors);
  return {
    models: entries.filter((entry) => !isForVectors(entry) && isForChat(entry)).map(modelInfo),
    embeddingModel: (embedding[0]?.id as string | undefined) ?? null,
    flavour: flavourOf(entries, server),
    version: versionOf(entries, server),
  };
}

const NOTHING: Omit<FoundModels, 'version'> = { models: [], embeddingModel: null, flavour: null };

function modelInfo({ id, meta }: Entry): ModelInfo {
  // llama-server tells what it has loaded.
  const { size, n_params: parameters } = asEntry(meta);
  return {
    name: id as string,
    sizeBytes: typeof size === 'number' ? size : null,
    family: null,
    parameters: typeof parameters === 'number' ? inBillions(parameters) : null,
    quantization: null,
  };
}

function inBillions(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(1)}B` : `${Math.round(count / 1e6)}M`;
}

/** LM Studio and Together tell a `type`, others what a model can do; OpenAI and LM Studio name theirs `text-embedding-…`. */
function isForVectors({ id, type, capabilities }: Entry): boolean {
  if (typeof type === 'string' && /^embeddings?$/i.test(type)) return true;
  if (Array.isArray(capabilities) && capabilities.some((one) => /^embeddings?$/i.test(String(one))))
    return !capabilities.some((one) => /^(?:completion|chat)/i.test(String(one)));
  return /(?:^|\/)text-embedding-/i.test(id as string);
}

const OTHER_TYPES = /^(?:rerank(?:er)?|moderation|audio|image|video|transcribe)$/i;

/** Mistral says of each model whether it can chat. */
function isForChat({ type, capabilities }: Entry): boolean {
  if (typeof type === 'string' && OTHER_TYPES.test(type)) return false;
  return asEntry(capabilities).completion_chat !== false;
}

const SERVER = /^(llama\.?cpp|vllm|lm[- ]?studio|ollama|sglang|localai|mlx[\w-]*)(?:\/(\S+))?/i;
const ENGINES: Record<string, string> = { llamacpp: 'llama.cpp', vllm: 'vLLM', sglang: 'SGLang' };

function flavourOf(entries: readonly Entry[], server: string | null): Flavour {
  if (/^llama\.?cpp/i.test(server ?? '')) return 'llamacpp';
  const owner = entries[0]?.owned_by;
  return owner === 'llamacpp' || owner === 'vllm' ? owner : null;
}

/** A proxy in front (nginx, uvicorn) says nothing of the engine. */
function versionOf(entries: readonly Entry[], server: string | null): string | null {
  const [, name, number] = SERVER.exec(server ?? '') ?? [];
  if (name !== undefined) return number === undefined ? name : `${name} ${number}`;
  const owner = entries[0]?.owned_by;
  return typeof owner === 'string' && Object.hasOwn(ENGINES, owner) ? (ENGINES[owner] ?? null) : null;
}

function asEntry(value: unknown): Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : {};
}
