// Ids and names of backends that are added: readable, and each given once.
import { type BackendId, isReservedId } from '../../../contract/ids.ts';
import { type BackendUrl, isLocal } from '../url/url.ts';

const SLUG_MAX_CHARS = 40;
/** Leaves room for a number behind it. */
const NAME_MAX_CHARS = 70;

/** An id that nobody has or had, made from a name or host: `Büro-Mac` becomes `buro-mac`, or `buro-mac-2`. */
export function newId(name: string, taken: Iterable<BackendId>): BackendId {
  const all = new Set(taken);
  return firstFree(
    slug(name),
    (number, base) => `${base}-${number}`,
    (id) => all.has(id) || isReservedId(id),
  );
}

/** The name itself, or with a number behind it while another backend has it. */
export function freeName(name: string, taken: Iterable<string>): string {
  const all = new Set([...taken].map((one) => one.toLowerCase()));
  return firstFree(
    name,
    (number, base) => `${base} ${number}`,
    (one) => all.has(one.toLowerCase()),
  );
}

/** A name to begin with: the host's, with its port where only that tells it from others. */
export function nameOf(url: BackendUrl): string {
  if (!('host' in url) || url.host === null) return url.scheme;
  return (isLocal(url) ? url.host : url.host.replace(/:\d+$/, '')).slice(0, NAME_MAX_CHARS);
}

function firstFree(
  base: string,
  numbered: (number: number, base: string) => string,
  isTaken: (one: string) => boolean,
) {
  if (!isTaken(base)) return base;
  let number = 2;
  while (isTaken(numbered(number, base))) number += 1;
  return numbered(number, base);
}

function slug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const words = plain.replace(/[^a-z\d]+/g, '-').slice(0, SLUG_MAX_CHARS);
  const id = words.replace(/^-+|-+$/g, '') || 'backend';
  // No number behind it would free it from what it begins with.
  return isReservedId(`${id}-2`) ? `my-${id}` : id;
}
