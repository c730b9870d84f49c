// The lists of an Ollama, each entry read field by field: old versions, proxies and programs that imitate it leave out much.
import {
  countFrom,
  fieldsOf,
  listIn,
  momentFrom,
  named,
  nameFrom,
  textFrom,
  wordsFrom,
} from '../../diagnostics/index.ts';
import { remoteHostOf } from './remote-models.ts';

/** A model as /api/tags tells it; null is what it does not tell, or not in a way that can be read. */
export interface ListedModel {
  name: string;
  sizeBytes: number | null;
  digest: string | null;
  modifiedAtMs: number | null;
  family: string | null;
  families: string[];
  /** For example `3.2B`. */
  parameters: string | null;
  quantization: string | null;
  contextLength: number | null;
  capabilities: string[] | null;
  /** The server that its questions are handed on to, for one that this server does not run itself. */
  remoteHost: string | null;
}

/** A model in memory, as /api/ps tells it. */
export interface LoadedModel {
  name: string;
  /** When it is going to be unloaded, as the server wrote it; empty where it did not. */
  expiresAt: string;
  sizeBytes: number | null;
  /** The part of it on graphics cards. */
  gpuBytes: number | null;
  /** What it was loaded with. */
  contextTokens: number | null;
}

/** As /api/show tells it; an empty text is what it does not tell. */
export interface ShownModel {
  license: string;
  modelfile: string;
  /** Lines of `name value`; see the library's parameters.ts. */
  parameters: string;
  template: string;
  system: string;
  renderer: string;
  parser: string;
  requires: string;
  messages: unknown[];
  family: string | null;
  /** For example `3.2B`. */
  size: string | null;
  quantization: string | null;
  info: Record<string, unknown>;
  /** Null on old servers. */
  capabilities: string[] | null;
}

/** Null: the body holds no list of models. */
export function readListed(body: unknown): ListedModel[] | null {
  const list = listIn(body, ['models', 'data']);
  return list && named(list, listedFrom);
}

/** Null: the body holds no list of models. */
export function readLoaded(body: unknown): LoadedModel[] | null {
  const list = listIn(body, ['models', 'data']);
  return list && named(list, loadedFrom);
}

/** Null: the body is no object. */
export function readShown(body: unknown): ShownModel | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const shown = fieldsOf(body);
  const text = (name: string) => textFrom(shown[name]) ?? '';
  return {
    license: text('license'),
    modelfile: text('modelfile'),
    parameters: text('parameters'),
    template: text('template'),
    system: text('system'),
    renderer: text('renderer'),
    parser: text('parser'),
    requires: text('requires'),
    messages: Array.isArray(shown.messages) ? (shown.messages as unknown[]) : [],
    ...detailsFrom(shown.details),
    info: fieldsOf(shown.model_info),
    capabilities: wordsFrom(shown.capabilities),
  };
}

/** Null: it is no Ollama that answers. Its version may be unreadable. */
export function readVersion(body: unknown): { version: string | null } | null {
  const fields = fieldsOf(body);
  return 'version' in fields ? { version: nameFrom(fields.version) } : null;
}

function listedFrom(entry: unknown): ListedModel | null {
  const model = fieldsOf(entry);
  const name = nameOf(entry);
  if (name === null) return null;
  const { size: parameters, ...details } = detailsFrom(model.details);
  return {
    name,
    sizeBytes: countFrom(model.size),
    digest: nameFrom(model.digest),
    modifiedAtMs: momentFrom(model.modified_at),
    parameters,
    ...details,
    families: wordsFrom(fieldsOf(model.details).families) ?? [],
    contextLength: countFrom(fieldsOf(model.details).context_length) || null,
    capabilities: wordsFrom(model.capabilities),
    remoteHost: remoteHostOf(name, nameFrom(model.remote_host)),
  };
}

function loadedFrom(entry: unknown): LoadedModel | null {
  const model = fieldsOf(entry);
  const name = nameOf(entry);
  if (name === null) return null;
  return {
    name,
    expiresAt: nameFrom(model.expires_at) ?? '',
    sizeBytes: countFrom(model.size),
    gpuBytes: countFrom(model.size_vram),
    contextTokens: countFrom(model.context_length) || null,
  };
}

/** `name` and `model` are the same; imitations tell one of them, OpenAI's `id`, or nothing but the name. */
function nameOf(entry: unknown): string | null {
  const { name, model, id } = fieldsOf(entry);
  // A number stands for a name only where there is no text.
  const text = [name, model, id, entry].find((one) => typeof one === 'string' && nameFrom(one) !== null);
  return nameFrom(text) ?? nameFrom(name) ?? nameFrom(model) ?? nameFrom(id);
}

function detailsFrom(value: unknown): { family: string | null; size: string | null; quantization: string | null } {
  const { family, parameter_size: size, quantization_level: quantization } = fieldsOf(value);
  return { family: nameFrom(family), size: nameFrom(size), quantization: nameFrom(quantization) };
}
