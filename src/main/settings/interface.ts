// The user's preferences, always complete and valid.
import type { Notice } from '../../contract/app.ts';
import type { Settings, SettingsPatch } from '../../contract/settings.ts';

export interface SettingsStore {
  get(): Settings;
  /** Merges, checks, writes to disk atomically, tells the listeners. Rejects with `settings_unwritable` (the change counts in memory). */
  set(patch: SettingsPatch): Promise<Settings>;
  onChange(listener: (settings: Settings) => void): () => void;
  /** What went wrong while reading, to be told once: a corrupt file that was put aside. */
  notices(): Notice[];
}
