// Who works on which model: two changes of one model at a time would undo each other.
import type { Download } from '../../../contract/downloads.ts';
import { HearthError } from '../../errors/index.ts';
import { modelKey } from '../downloads/name.ts';
import type { Removals } from './removals.ts';
import type { Works } from './work.ts';

const AT_WORK: ReadonlySet<Download['state']> = new Set(['waiting', 'running', 'stalled']);

export interface Claims {
  /** Rejects with `model_in_use` while something changes the model, or moves the folder that it is in. */
  requireFree(name: string): void;
  /** Rejects with `model_in_use` while anything at all is under way. */
  requireIdle(): void;
  /** A download may go on with the parts that lie in the models folder: one that is paused or failed, or one not known of. */
  needsParts: () => boolean;
  isMoving: () => boolean;
  /** No more than one work is under way, and no download: nobody else is about to use what it leaves. */
  isAlone: () => boolean;
  /** Holds the model for as long as the change takes. */
  changing<T>(name: string, change: () => Promise<T>): Promise<T>;
  /** Being read into memory by request. */
  loading: ReadonlySet<string>;
  whileLoading<T>(name: string, load: () => Promise<T>): Promise<T>;
}

export function createClaims(options: {
  works: Works;
  removals: Removals;
  /** Null while they are not known. */
  downloads: () => readonly Pick<Download, 'model' | 'state'>[] | null;
  onChange: () => void;
}): Claims {
  const { works, removals, downloads, onChange } = options;
  const changed = new Set<string>();
  const loading = new Set<string>();
  const running = () => works.list().filter(({ problem }) => problem === null);
  const downloading = () => (downloads() ?? []).filter(({ state }) => AT_WORK.has(state)).map(({ model }) => model);
  const inUse = (model: string) => new HearthError('model_in_use', { model });

  function requireFree(name: string): void {
    const key = modelKey(name);
    const isWorkedOn = running().some(({ kind, subject }) => kind === 'move' || modelKey(subject) === key);
    if (isWorkedOn || changed.has(key) || downloading().some((one) => modelKey(one) === key)) throw inUse(name);
  }

  async function holding<T>(set: Set<string>, key: string, act: () => Promise<T>): Promise<T> {
    set.add(key);
    onChange();
    try {
      return await act();
    } finally {
      set.delete(key);
      onChange();
    }
  }

  return {
    requireFree,
    requireIdle() {
      const removed = removals.list().map(({ name }) => name);
      const [first] = [
        ...downloading(),
        ...removed,
        ...loading,
        ...changed,
        ...running().map(({ subject }) => subject),
      ];
      if (first !== undefined) throw inUse(first);
    },
    needsParts: () => downloads()?.some(({ state }) => state !== 'done') ?? true,
    isMoving: () => running().some(({ kind }) => kind === 'move'),
    isAlone: () => running().length <= 1 && downloading().length === 0,
    async changing(name, change) {
      requireFree(name);
      return holding(changed, modelKey(name), change);
    },
    loading,
    async whileLoading(name, load) {
      requireFree(name);
      if (loading.has(name)) throw inUse(name);
      return holding(loading, name, load);
    },
  };
}
