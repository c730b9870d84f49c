// The user's preferences, always complete and valid, and the secrets beside them.
import type { Notice } from '../../contract/app.ts';
import type { Settings, SettingsPatch } from '../../contract/settings.ts';

export interface SettingsStore {
  get(): Settings;
  /** Merges, checks, writes to disk atomically, tells the listeners. Rejects with `settings_unwritable` (the change counts in memory). */
  set(patch: SettingsPatch): Promise<Settings>;
  /** Reads the file again: another Hearth may have changed it while this one waited for the history. Never rejects. */
  reload(): Promise<void>;
  onChange(listener: (settings: Settings) => void): () => void;
  /** What went wrong while reading, to be told once: a corrupt file that was put aside. */
  notices(): Notice[];
}

/** The system's secret store, as Electron offers it. May ask the user to unlock it, and may refuse: both calls throw then. */
export interface Cipher {
  /** Whether it is worth trying; asks nobody anything. */
  isAvailable(): boolean;
  encrypt(text: string): Buffer;
  decrypt(bytes: Buffer): string;
}

/** Texts that must stand in no settings, log or error: keys and passwords, by name. */
export interface SecretStore {
  /** Null: there is none. Rejects with `secret_unreadable` {name, reason}; it is kept all the same. */
  get(name: string): Promise<string | null>;
  /** Null forgets it. Rejects with `settings_unwritable` (the change counts in memory). */
  set(name: string, text: string | null): Promise<void>;
  /** Reads the file again, as the settings' does. Never rejects. */
  reload(): Promise<void>;
  /** Of all there are, also those that can't be read here. */
  names(): string[];
  /** `system`: every one is enciphered by the system, and so is the next. `file`: the file's rights alone protect some. */
  protection(): 'system' | 'file';
  /** What went wrong while reading the file, to be told once. */
  notices(): Notice[];
}
