// Who a question over the network goes to, what it carries, and what must never be repeated of that.
import type { Access } from '../interface.ts';

/** A server that is asked, as error sentences need it. */
export interface Asked {
  /** As a person named it. */
  backend: string;
  /** `host:port`. */
  host: string;
  /** Whether the request says who asks: with a key, or with a header of the user's own that is one. */
  hasKey: boolean;
  /** What servers like to repeat in their errors. */
  secrets: readonly string[];
}

/** Shorter values of headers are flags and numbers, and would blacken ordinary words. */
const SECRET_MIN_CHARS = 6;
const KEY_HEADERS = new Set(['authorization', 'x-api-key', 'api-key']);

export function askedWith(backend: string, host: string, { key, headers }: Access): Asked {
  const values = Object.values(headers).filter((value) => value.length >= SECRET_MIN_CHARS);
  // Of `Bearer sk-…` the server repeats the second word only.
  const words = values.flatMap((value) => value.split(/\s+/)).filter((word) => word.length >= SECRET_MIN_CHARS);
  return {
    backend,
    host,
    hasKey: key !== null || Object.keys(headers).some((name) => KEY_HEADERS.has(name.toLowerCase())),
    secrets: [...(key === null ? [] : [key]), ...values, ...words],
  };
}

/** The headers that a request carries; what the user wrote wins over what follows from the key. */
export function accessHeaders({ key, headers }: Access): Record<string, string> {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...own };
}

/** What a server said, without what only the user may know. */
export function withoutSecrets(said: string, { secrets }: Pick<Asked, 'secrets'>): string {
  let clean = said;
  // The longest first: one secret may be a part of another.
  for (const secret of secrets.toSorted((a, b) => b.length - a.length))
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]))
      clean = clean.replaceAll(form, '***');
  return clean;
}
