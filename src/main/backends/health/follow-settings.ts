// What a change of the settings means for the backends: what is shown and chosen is looked at anew, what was changed gets a fresh start.
import type { BackendId } from '../../../contract/ids.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { SettingsStore } from '../../settings/index.ts';

export interface SettingsFollower {
  settings: SettingsStore;
  ids: () => readonly BackendId[];
  /** A backend was switched, edited or given other limits: how it failed before does not count. */
  onTouched: (id: BackendId) => void;
  /** What answers may have changed. */
  onChange: () => void;
}

/** @returns how to stop following */
export function followSettings({ settings, ids, onTouched, onChange }: SettingsFollower): () => void {
  let before = settings.get();
  return settings.onChange((after) => {
    const was = before;
    before = after;
    for (const id of ids()) if (partOf(was, id) !== partOf(after, id)) onTouched(id);
    if (relevant(was) !== relevant(after)) onChange();
  });
}

/** The settings that change what answers; a check follows when one of them does. */
function relevant(settings: Settings): string {
  const { backend, model, ollama, engine, llamacpp, mlx, ifNothingAnswers, backends, ifFails } = settings;
  return JSON.stringify([backend, model, ollama, engine, llamacpp, mlx, ifNothingAnswers, backends, ifFails]);
}

/** The settings of one backend. */
function partOf({ backends, timeouts, ollama, engine, llamacpp, mlx }: Settings, id: BackendId): string {
  const own = { ollama: [ollama, engine], llamacpp, mlx }[id] ?? backends.added.find((one) => one.id === id);
  return JSON.stringify([own, backends.switches[id], backends.limits[id], timeouts]);
}
