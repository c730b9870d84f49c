// What a server says, read value by value: any of them may be missing or of another type than its documentation says.
//
// What can't be read is null, so that one odd value hides nothing but itself, and what is read fits the contract.

/** Longer ones are no name of anything. */
const NAME_MAX_CHARS = 300;
/** The last moment that every program can write as a date. */
const LATEST_MS = Date.UTC(9999, 11, 31);
/** A number of seconds is below it until the year 5138, one of milliseconds above it since 1973. */
const SECONDS_BELOW = 100_000_000_000;

/** The fields of an object; none of anything else. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A text of any length; a number as it is written, a list of texts as its lines. */
export function textFrom(value: unknown): string | null {
  if (Array.isArray(value)) {
    const lines = value.map(textFrom).filter((line) => line !== null);
    return lines.length === 0 ? null : lines.join('\n');
  }
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** A name or another short text. */
export function nameFrom(value: unknown): string | null {
  const text = Array.isArray(value) ? null : textFrom(value);
  return text === null || text.length > NAME_MAX_CHARS ? null : text;
}

/** A whole number that is not negative, also where it is written as a text. */
export function countFrom(value: unknown): number | null {
  const number = typeof value === 'string' && /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !(number >= 0) || number > Number.MAX_SAFE_INTEGER) return null;
  return Math.round(number);
}

/** A number that is not negative, with what stands behind its point. */
export function measureFrom(value: unknown): number | null {
  return countFrom(value) === null ? null : Number(value);
}

/** Milliseconds since 1970, of a date in words or a number of seconds or milliseconds. */
export function momentFrom(value: unknown): number | null {
  const number = countFrom(value);
  const ms = number === null ? Date.parse(typeof value === 'string' ? value : '') : toMs(number);
  return ms > 0 && ms <= LATEST_MS ? ms : null;
}

/** Words in a list, in one text (`chat,tools`), or as the names of what is true. Null: it says none. */
export function wordsFrom(value: unknown): string[] | null {
  const words =
    typeof value === 'string'
      ? value.split(/[\s,;]+/)
      : Array.isArray(value)
        ? value.map(nameFrom)
        : Object.entries(fieldsOf(value)).map(([name, is]) => (is === true ? name : null));
  const found = words.filter((word) => word !== null && word !== '') as string[];
  return found.length === 0 ? null : found;
}

/**
 * The list in a body: under one of the names, or the body itself; a null or an empty object under a name is an empty list.
 * Null: there is none.
 */
export function listIn(body: unknown, names: readonly string[]): unknown[] | null {
  if (Array.isArray(body)) return body as unknown[];
  const fields = fieldsOf(body);
  const lists = names.flatMap((name) => (Array.isArray(fields[name]) ? [fields[name] as unknown[]] : []));
  const list = lists.find(({ length }) => length > 0) ?? lists[0];
  if (list !== undefined) return list;
  const isError = fields.error !== undefined && fields.error !== null;
  return !isError && names.some((name) => name in fields && isNothing(fields[name])) ? [] : null;
}

/** The entries of a list that have a name, each name once. */
export function named<Entry extends { name: string }>(
  list: readonly unknown[],
  read: (entry: unknown) => Entry | null,
): Entry[] {
  const found = new Map<string, Entry>();
  for (const one of list) {
    const entry = read(one);
    if (entry !== null && !found.has(entry.name)) found.set(entry.name, entry);
  }
  return [...found.values()];
}

const toMs = (number: number) => (number < SECONDS_BELOW ? number * 1_000 : number);

/** Some encoders write an empty list as null or as an empty object. */
const isNothing = (value: unknown) =>
  value === null || (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);
