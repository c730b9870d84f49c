// The settings file: read once, written whole and atomically at every change, in order.
import { copyFile, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeFile } from 'atomically';
import type { Notice } from '../../contract/app.ts';
import { type Settings, SettingsPatch } from '../../contract/settings.ts';
import type { Log } from '../diagnostics/index.ts';
import { errorInfo, HearthError } from '../errors/index.ts';
import { textOfBytes } from '../words/index.ts';
import type { SettingsStore } from './interface.ts';
import { mergeSettings, parseSettings, readStored, type ReadSettings } from './stored.ts';

const FILE_NAME = 'settings.json';
const RESET_NOTICE = 'settings_values_reset';
/** How long a file held by another program (a virus scanner, a backup) is tried again. */
const WRITE_RETRY_MS = 2_000;

/**
 * Reads `<folder>/settings.json`. Never rejects: what can't be read is kept aside, defaults take its place and `notices()`
 * tells so. Only what the user changed is written, so that defaults can get better later; keys this version does not know
 * stay in the file.
 */
export async function openSettings(options: { folder: string; log?: Log; now?: () => Date }): Promise<SettingsStore> {
  const { folder, log, now = () => new Date() } = options;
  const path = join(folder, FILE_NAME);
  const notices: Notice[] = [];
  const listeners = new Set<(settings: Settings) => void>();
  let { settings, stored } = await read();
  /** Counts the changes; a write takes all of them that are there when it begins. */
  let changes = 0;
  let writtenChanges = 0;
  let lastWrite: Promise<void> = Promise.resolve();
  // Told once, not at every start.
  if (notices.some((notice) => notice.id === RESET_NOTICE)) {
    changes += 1;
    lastWrite = write().catch((error: unknown) => log?.error('the settings could not be saved', { path, error }));
    await lastWrite;
  }

  async function read(): Promise<ReadSettings> {
    let text: string;
    try {
      text = textOfBytes(await readFile(path));
    } catch (error) {
      if (isMissing(error)) return readStored({});
      await tellCorrupt(rename, error);
      return readStored({});
    }
    const found = parseSettings(text);
    if (found === null) {
      await tellCorrupt(rename, new Error('not a JSON object'));
      return readStored({});
    }
    if (found.reset.length > 0) await tellReset(found.reset);
    return found;
  }

  async function tellCorrupt(keep: typeof rename, reason: unknown): Promise<void> {
    const kept = await keepAside(keep);
    log?.warn('the settings file could not be read', { path, kept, reason });
    notices.push({ id: 'settings_corrupt', info: errorInfo('settings_corrupt', { kept }) });
  }

  async function tellReset(names: string[]): Promise<void> {
    const kept = await keepAside(copyFile);
    log?.warn('settings with values that are not valid', { path, kept, names });
    notices.push({
      id: RESET_NOTICE,
      info: errorInfo('settings_values_reset', { names: names.join(', '), kept }),
    });
  }

  /** The name under which the old file stays. Where even that fails the folder can't be written, and the file stays as it is. */
  async function keepAside(keep: (from: string, to: string) => Promise<void>): Promise<string> {
    const name = `settings-corrupt-${now().toISOString().replace(/[:.]/g, '-')}.json`;
    try {
      await keep(path, join(folder, name));
      return name;
    } catch (error) {
      log?.warn('the old settings file could not be kept aside', { path, error });
      return FILE_NAME;
    }
  }

  async function write(): Promise<void> {
    if (writtenChanges === changes) return;
    const covered = changes;
    await writeFile(path, `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600, timeout: WRITE_RETRY_MS });
    writtenChanges = covered;
  }

  function tell(): void {
    for (const listener of listeners) {
      try {
        listener(settings);
      } catch (error) {
        log?.error('a listener to the settings failed', { error });
      }
    }
  }

  return {
    get: () => settings,
    async reload() {
      await lastWrite.catch(() => undefined);
      const before = changes;
      const found = await readFile(path).then(
        (bytes) => parseSettings(textOfBytes(bytes)),
        () => null,
      );
      // What can't be read now counts as unchanged, and what was chosen meanwhile is newer than the file.
      if (found === null || changes !== before || isDeepStrictEqual(found.stored, stored)) return;
      ({ settings, stored } = found);
      tell();
    },
    async set(patch) {
      const checked = SettingsPatch.safeParse(patch);
      if (!checked.success) throw new HearthError('bad_request', { what: describe(checked.error.issues) });
      const merged = readStored(mergeSettings(stored, checked.data));
      ({ settings, stored } = merged);
      const result = settings;
      changes += 1;
      tell();
      // One write at a time; a failed one before this must not stop it.
      lastWrite = lastWrite.then(write, write);
      try {
        await lastWrite;
      } catch (error) {
        log?.error('the settings could not be saved', { path, error });
        throw new HearthError('settings_unwritable', { path }, { cause: error });
      }
      return result;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notices: () => [...notices],
  };
}

function describe(issues: readonly { path: PropertyKey[]; message: string }[]): string {
  return issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`).join('; ');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
