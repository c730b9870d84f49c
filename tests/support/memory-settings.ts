// Settings without a disk: the defaults with some values changed.
import { Settings } from '../../src/contract/settings.ts';
import type { SettingsPatch } from '../../src/contract/settings.ts';
import type { SettingsStore } from '../../src/main/settings/index.ts';

export function memorySettings(patch: SettingsPatch = {}): SettingsStore {
  const listeners = new Set<(settings: Settings) => void>();
  let settings = merged(Settings.parse({}), patch);
  return {
    get: () => settings,
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
  return Settings.parse({
    ...settings,
    ...patch,
    ollama: { ...settings.ollama, ...patch.ollama },
    engine: { ...settings.engine, ...patch.engine },
    llamacpp: { ...settings.llamacpp, ...patch.llamacpp },
    timeouts: { ...settings.timeouts, ...patch.timeouts },
    window: { ...settings.window, ...patch.window },
  });
}
