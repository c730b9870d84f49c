// Addresses that were copied from a request: the place of one question is cut off, and what is left is the server's.

export interface Endpoint {
  /** Whose API the place belongs to. */
  api: 'ollama' | 'openai';
  /** Of OpenAI's API with its version (`/v1`), of Ollama's what stands before `/api`; empty, or without a slash at its end. */
  base: string;
}

/** What is asked for an answer means it wherever it lies; the rest only below a version, where nothing else has such names. */
const OPENAI =
  /^(.*?)(?:\/chat\/completions|(?<=\/(?:v\d\w*|openai))\/(?:completions|embeddings|responses|messages|models(?:\/.*)?))$/is;
/** `/api/v0` is LM Studio's own, beside the API that others have too. */
const BELOW_API = /^(.*?)\/api\/(?:(v0)|chat|generate|tags|show|ps|version|embed|embeddings|pull)(?:\/.*)?$/is;

/** Null for a path that names no place of a known API: it is the server's own. What comes out as a base names none again. */
export function endpointIn(path: string): Endpoint | null {
  const trimmed = path.replace(/\/+$/, '');
  const [, above] = OPENAI.exec(trimmed) ?? [];
  if (above !== undefined) return endpointIn(above) ?? { api: 'openai', base: inSmallLetters(above) };
  const [, before, lmStudio] = BELOW_API.exec(trimmed) ?? [];
  if (before === undefined) return null;
  return lmStudio === undefined ? { api: 'ollama', base: before } : { api: 'openai', base: `${before}/v1` };
}

/** The path under which an Ollama lies, of one that was written with the version or the place of an API. */
export function ollamaPath(path: string): string {
  const base = endpointIn(path)?.base ?? path;
  return base.replace(/(?:\/(?:v1|api))?\/*$/i, '');
}

/** No server has its version in capitals; what was typed in them is meant in small ones. */
function inSmallLetters(base: string): string {
  return base.replace(/\/V\d\w*$/, (version) => version.toLowerCase());
}
