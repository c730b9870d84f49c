// Names of models as Ollama takes them: [scheme://][host/][namespace/]model[:tag].
import { HearthError } from '../../errors/index.ts';
import { fullName } from '../../ollama/index.ts';

/** Where names without a host come from. */
const DEFAULT_HOST = 'registry.ollama.ai';
const DEFAULT_NAMESPACE = 'library';
const DEFAULT_TAG = 'latest';

export interface ModelNameParts {
  /** With its port, if any. */
  host: string;
  namespace: string;
  model: string;
  tag: string;
}

const HOST = /^\w[\w.:-]{0,349}$/;
const NAMESPACE = /^\w[\w-]{0,79}$/;
const MODEL = /^\w[\w.-]{0,79}$/;

/** The parts of a name, the missing ones filled in; null when Ollama would not take it (its `types/model/name.go`). */
export function parseModelName(name: string): ModelNameParts | null {
  const tagAt = name.lastIndexOf(':');
  const hasTag = tagAt > name.lastIndexOf('/');
  const tag = hasTag ? name.slice(tagAt + 1) : DEFAULT_TAG;
  const path = (hasTag ? name.slice(0, tagAt) : name).replace(/^https?:\/\//, '').split('/');
  if (path.length > 3) return null;
  const [model = '', namespace = DEFAULT_NAMESPACE, host = DEFAULT_HOST] = path.toReversed();
  // A name becomes the path of a file.
  if (name.includes('..')) return null;
  const isValid = MODEL.test(tag) && MODEL.test(model) && NAMESPACE.test(namespace) && HOST.test(host);
  return isValid ? { host, namespace, model, tag } : null;
}

/** Equal for names of the same model, however much of it they spell out. */
export function modelKey(name: string): string {
  const parts = parseModelName(name);
  if (parts === null) return fullName(name);
  return `${parts.host}/${parts.namespace}/${parts.model}:${parts.tag}`.toLowerCase();
}

/** Whether the name says that its registry has no https. */
export function isPlainHttp(name: string): boolean {
  return /^http:\/\//i.test(name);
}

/** A name without the scheme in front of it. */
export function bareName(name: string): string {
  return name.replace(/^https?:\/\//, '');
}

/** The registry that a name points to, for sentences. */
export function registryOf(name: string): string {
  return parseModelName(name)?.host ?? DEFAULT_HOST;
}

/** Throws `model_name_invalid` for a name that Ollama would not take. */
export function requireModelName(name: string): void {
  if (parseModelName(name) === null) throw new HearthError('model_name_invalid', { name });
}
