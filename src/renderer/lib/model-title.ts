// Names of models as people write them.

/**
 * A model's name for reading: `llama3.2:3b` becomes `llama3.2 3B`, `hf.co/someone/Llama-3.2-3B-Instruct-GGUF:Q4_K_M`
 * becomes `Llama-3.2-3B-Instruct Q4_K_M`. Where it matters which one is meant, show the name itself beside it.
 *
 * @param name as Ollama lists it, or the file of a model of the built-in engine, also with its path
 */
export function modelTitle(name: string): string {
  return titleOf(name.replaceAll(UNSEEN, '')) || name;
}

function titleOf(name: string): string {
  // A colon before the last slash belongs to the port of a registry.
  const own = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1) || name;
  const at = own.indexOf(':');
  const model = (at === -1 ? own : own.slice(0, at)).replace(/[-.]gguf$/i, '');
  const tag = at === -1 ? '' : own.slice(at + 1);
  if (tag === '' || tag === 'latest') return model || name;
  const parts = tag.split('-').map((part) => (SIZE.test(part) ? part.toUpperCase().replace('X', 'x') : part));
  return [model, ...parts].filter(Boolean).join(' ');
}

/** Control characters and marks of writing direction: names of files may hold them, to look like another name. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** `3b`, `1.5b`, `270m`, `8x7b`, `e4b`, `a3b`. */
const SIZE = /^[ae]?(\d+x)?\d+(\.\d+)?[bmk]$/i;
