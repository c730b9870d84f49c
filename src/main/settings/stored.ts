// What a settings file says: a complete and valid set of settings made from whatever stands in it.
import { Settings } from '../../contract/settings.ts';

/** The file's content as an object, with keys of newer versions; only what the user changed is in it. */
export type StoredSettings = Record<string, unknown>;

export interface ReadSettings {
  settings: Settings;
  /** Without the values that were not valid. */
  stored: StoredSettings;
  /** Names of the values that were not valid and stand at their default now, for example `timeouts.connectMs`. */
  reset: string[];
}

/** Null when the text is not a JSON object at all. */
export function parseSettings(text: string): ReadSettings | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The caller keeps the file aside and says so.
    return null;
  }
  if (!isGroup(parsed)) return null;
  return readStored(parsed);
}

/** Every value that is not valid is taken out and named; the others stay. */
export function readStored(given: StoredSettings): ReadSettings {
  const stored = inTodaysNames(structuredClone(given));
  const reset = new Set<string>();
  for (;;) {
    const result = Settings.safeParse(stored);
    if (result.success) return { settings: freeze(result.data), stored, reset: [...reset] };
    const wrong = new Map<string, string[]>();
    for (const issue of result.error.issues) {
      const place = placeOfValue(stored, issue.path.map(String));
      wrong.set(place.join('.'), place);
    }
    for (const name of wrong.keys()) reset.add(name);
    // From the last on: an item that is taken out moves those behind it.
    for (const place of [...wrong.values()].toReversed()) removeValue(stored, place);
  }
}

/** The demo was on unless it was switched off: only that was a choice. */
function inTodaysNames({ demoAsLastResort, ...stored }: StoredSettings): StoredSettings {
  return demoAsLastResort === false ? { ifNothingAnswers: 'say', ...stored } : stored;
}

/** Of these each item or entry stands for itself: one that is wrong takes none of the others with it. */
const COLLECTIONS = new Set(['backends.switches', 'backends.limits']);

/** Where the value stands that has to go for an issue. */
function placeOfValue(stored: StoredSettings, [group, name, item]: string[]): string[] {
  if (group === undefined) throw new Error('an object with unknown keys is always valid as a whole');
  const inner = stored[group];
  if (name === undefined || !isGroup(inner)) return [group];
  const isCollection = Array.isArray(inner[name]) || (COLLECTIONS.has(`${group}.${name}`) && isGroup(inner[name]));
  return item !== undefined && isCollection ? [group, name, item] : [group, name];
}

function removeValue(stored: StoredSettings, place: string[]): void {
  let parent: unknown = stored;
  for (const name of place.slice(0, -1)) parent = (parent as Record<string, unknown>)[name];
  const last = place.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete (parent as Record<string, unknown>)[last];
}

/** Groups are merged one level deep; `undefined` changes nothing, null is a value. */
export function mergeSettings(stored: StoredSettings, patch: Record<string, unknown>): StoredSettings {
  const merged = { ...stored };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const before = merged[key];
    merged[key] = isGroup(value)
      ? withoutUndefined({ ...(isGroup(before) ? before : {}), ...withoutUndefined(value) })
      : value;
  }
  return merged;
}

function withoutUndefined(group: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined));
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Everybody gets the same object: nobody may change it. */
function freeze<T extends object>(part: T): T {
  for (const value of Object.values(part) as unknown[]) if (typeof value === 'object' && value !== null) freeze(value);
  return Object.freeze(part);
}
