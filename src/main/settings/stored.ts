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
  const stored = structuredClone(given);
  const reset = new Set<string>();
  for (;;) {
    const result = Settings.safeParse(stored);
    if (result.success) return { settings: freeze(result.data), stored, reset: [...reset] };
    for (const issue of result.error.issues) reset.add(removeValue(stored, issue.path.map(String)));
  }
}

/** Takes the value an issue points at out of the stored settings and returns its name. */
function removeValue(stored: StoredSettings, [group, name]: string[]): string {
  if (group === undefined) throw new Error('an object with unknown keys is always valid as a whole');
  const inner = stored[group];
  if (name !== undefined && isGroup(inner)) {
    delete inner[name];
    return `${group}.${name}`;
  }
  delete stored[group];
  return group;
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
function freeze(settings: Settings): Settings {
  for (const value of Object.values(settings)) if (isGroup(value)) Object.freeze(value);
  return Object.freeze(settings);
}
