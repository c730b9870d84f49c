// What the settings page and the foot of the sidebar know: preferences, engines, queue. Each follows a stream of main.
import { create } from 'zustand';
import type { BackendsStatus, QueueStatus } from '../../../contract/backends.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { Settings, SettingsPatch } from '../../../contract/settings.ts';
import { asErrorInfo, getClient, watch } from '../../lib/index.ts';

interface SettingsStore {
  /** Null until main has told. */
  settings: Settings | null;
  backends: BackendsStatus | null;
  queue: QueueStatus | null;
  /** Why preferences or engines are not told; null once they are. */
  problem: ErrorInfo | null;
}

const EMPTY: SettingsStore = { settings: null, backends: null, queue: null, problem: null };

export const useSettings = create<SettingsStore>()(() => EMPTY);

/** Saves that main has not answered yet; until then what it tells is older than what is on screen. */
let savesUnderWay = 0;

/** Follows preferences, engines and queue until the signal aborts. */
export async function followSettings(signal: AbortSignal): Promise<void> {
  useSettings.setState(EMPTY);
  savesUnderWay = 0;
  const client = getClient;
  await Promise.all([
    watch((options) => client().settings.watch(undefined, options), showSettings, {
      signal,
      onError: (error) => tellWhileMissing('settings', error),
    }),
    watch((options) => client().backends.watch(undefined, options), showBackends, {
      signal,
      onError: (error) => tellWhileMissing('backends', error),
    }),
    watch(
      (options) => client().queue.watch(undefined, options),
      (queue) => useSettings.setState({ queue }),
      { signal },
    ),
  ]);
}

/**
 * Changes preferences: on screen at once, then in main.
 *
 * @returns null when main keeps the change, else why not; the screen then shows what main holds
 */
export async function saveSettings(patch: SettingsPatch): Promise<ErrorInfo | null> {
  const before = useSettings.getState().settings;
  if (before) useSettings.setState({ settings: merged(before, patch) });
  savesUnderWay += 1;
  try {
    const kept = await getClient().settings.set(patch);
    savesUnderWay -= 1;
    showSettings(kept);
    return null;
  } catch (error) {
    const problem = asErrorInfo(error);
    const held = await getClient()
      .settings.get()
      // When main does not even answer that, what was on screen before is the best guess.
      .catch(() => before);
    savesUnderWay -= 1;
    if (held) showSettings(held);
    return problem;
  }
}

/** Looks at every engine again. Rejects with main's error. */
export async function checkBackends(): Promise<void> {
  showBackends(await getClient().backends.check());
}

/** Puts on screen what main answered to a change; its stream tells the same a moment later. */
export function showBackends(backends: BackendsStatus): void {
  useSettings.setState(({ settings, problem }) => ({ backends, problem: settings === null ? problem : null }));
}

/** What was told once stays on the screen, also while its stream is broken. */
function tellWhileMissing(what: 'settings' | 'backends', error: unknown): void {
  if (useSettings.getState()[what] === null) useSettings.setState({ problem: asErrorInfo(error) });
}

function showSettings(settings: Settings): void {
  if (savesUnderWay > 0) return;
  useSettings.setState(({ backends, problem }) => ({ settings, problem: backends === null ? problem : null }));
}

/** As main merges: groups one level deep, everything else as a whole. */
function merged(settings: Settings, patch: SettingsPatch): Settings {
  const next: Record<string, unknown> = { ...settings };
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    const isGroup = typeof value === 'object' && value !== null;
    next[key] = isGroup ? { ...(next[key] as object), ...value } : value;
  }
  return next as Settings;
}
