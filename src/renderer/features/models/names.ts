// Names of models: which texts are one, where one comes from, and how families are written.

const HOST = /^\w[\w.:-]{0,349}$/;
const NAMESPACE = /^\w[\w-]{0,79}$/;
const MODEL = /^\w[\w.-]{0,79}$/;

interface NameParts {
  /** With its port; null for Ollama's own library. */
  host: string | null;
  isInsecure: boolean;
}

/** What a name says, as `[http(s)://][host/][namespace/]model[:tag]`; null when Ollama would not take it. Main checks it again. */
export function readModelName(name: string): NameParts | null {
  const tagAt = name.lastIndexOf(':');
  const hasTag = tagAt > name.lastIndexOf('/');
  const tag = hasTag ? name.slice(tagAt + 1) : 'latest';
  const path = (hasTag ? name.slice(0, tagAt) : name).replace(/^https?:\/\//, '').split('/');
  const [model = '', namespace = 'library', host = null] = path.toReversed();
  if (path.length > 3 || name.includes('..')) return null;
  const isValid =
    MODEL.test(tag) && MODEL.test(model) && NAMESPACE.test(namespace) && (host === null || HOST.test(host));
  return isValid ? { host, isInsecure: name.startsWith('http://') } : null;
}

/** `qwen2` becomes `Qwen2`. */
export function familyTitle(family: string): string {
  return family.slice(0, 1).toUpperCase() + family.slice(1);
}

/** Tokens as makers of models count them: 131072 is `128k`, and so is 128000. */
export function tokensText(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  const k = tokens % 1_000 === 0 ? 1_000 : 1_024;
  return tokens < k * k ? `${Math.round(tokens / k)}k` : `${Math.round(tokens / k ** 2)}M`;
}
