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
