// Settings without a disk: the defaults with some values changed.
import { Settings } from '../../src/contract/settings.ts';
import type { SettingsPatch } from '../../src/contract/settings.ts';
import type { SettingsStore } from '../../src/main/settings/index.ts';

export function memorySettings(patch: SettingsPatch = {}): SettingsStore {
  const listeners = new Set<(settings: Settings) => void>();
  let settings = merged(Settings.parse({}), patch);
  return {
    get: () => settings,
    reload: () => Promise.resolve(),
    set(change) {
      settings = merged(settings, change);
      for (const listener of listeners) listener(settings);
      return Promise.resolve(settings);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notices: () => [],
  };
}

/** Groups are merged one level deep. */
function merged(settings: Settings, patch: SettingsPatch): Settings {
  const isGroup = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const changed = Object.entries(patch).map(([name, value]) => {
    const before: unknown = settings[name as keyof Settings];
    return [name, isGroup(value) ? { ...(before as object), ...(value as object) } : value];
  });
  return Settings.parse({ ...settings, ...Object.fromEntries(changed) });
}
