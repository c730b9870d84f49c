// A name for a model that has none in Ollama yet.
import { modelKey } from '../downloads/name.ts';

/** Ollama takes 80; some are left for a number. */
const NAME_MAX_CHARS = 74;

/** A name made from what somebody wrote, that is none of those taken. */
export function freeName(wish: string, taken: readonly string[]): string {
  const plain = wish
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-z\d_.-]+/g, '-')
    .replaceAll(/[.-]{2,}/g, '-')
    .replaceAll(/^[^a-z\d]+|[^a-z\d]+$/g, '');
  const start = plain.slice(0, NAME_MAX_CHARS).replaceAll(/[^a-z\d]+$/g, '') || 'model';
  const used = new Set(taken.map(modelKey));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? start : `${start}-${number}`;
    if (!used.has(modelKey(name))) return name;
  }
}

/** Names that programs give a model nobody has named, and what is left of the folder it was made in. */
const EMPTY_NAMES =
  /^(?:model|models?[-_ ]?\d*|merged|output|out|checkpoint[-_ ]?\d*|hf|tmp|snapshot|[\da-f]{7,40}|\d+|\.+|_+)$/i;

const KINDS = new Set(['instruct', 'chat', 'it', 'coder', 'code', 'math', 'base', 'vision', 'reasoning', 'distill']);

/**
 * What a model is called: as its header says, unless its file says more. Headers hold the folder of a training run, a commit,
 * the maker alone, or one word for a whole family whose size and kind stand in the file's name.
 *
 * @param inHeader `general.name`; null where the header has none
 * @param ofFile the file's name without its ending
 */
export function tellingName(inHeader: string | null, ofFile: string): string {
  const header = inHeader?.trim() ?? '';
  const last = header.split(/[\\/]/).findLast((part) => part !== '') ?? '';
  const isPath = /[\\/]/.test(header);
  if (last === '' || EMPTY_NAMES.test(last)) return ofFile;
  const [headerWords, fileWords] = [wordsOf(last), wordsOf(ofFile)];
  // The file says the same and more.
  if (headerWords.length < fileWords.length && headerWords.every((word) => fileWords.includes(word))) return ofFile;
  // What the model is for stands in the file's name alone: the header's is that of a training run.
  const shares = headerWords.some((word) => fileWords.includes(word));
  if (shares && fileWords.some((word) => KINDS.has(word) && !headerWords.includes(word))) return ofFile;
  return isPath && fileWords.length > headerWords.length ? ofFile : last;
}

const wordsOf = (name: string): string[] => name.toLowerCase().match(/[\p{L}]+|\d+(?:\.\d+)?/gu) ?? [];
