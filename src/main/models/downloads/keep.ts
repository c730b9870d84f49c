// Writes downloads down: what they are at once, how far they are now and then.
import type { Storage } from '../../storage/index.ts';
import { type Item, rowOf } from './item.ts';
import { BYTES_SHARE } from './progress.ts';

export interface Keeper {
  /** Resolves when it is on disk as it is now. */
  now(item: Item): Promise<void>;
  /** Within the time of the throttle, at once after a pause. Failures go to `onError`. */
  soon(item: Item): void;
  drop(item: Item): Promise<void>;
  /** Writes nothing any more by itself. */
  forget(item: Item): void;
}

export interface KeeperOptions {
  storage: Pick<Storage, 'putDownload' | 'dropDownload'>;
  everyMs: number;
  onError: (error: unknown) => void;
}

/** How far the row runs ahead of the bar at least. */
const AHEAD = 0.01;

export function createKeeper({ storage, everyMs, onError }: KeeperOptions): Keeper {
  const pending = new Map<string, NodeJS.Timeout>();
  const lasts = new Map<string, { atMs: number; share: number }>();

  async function write(item: Item, share: number): Promise<void> {
    item.keptShares.push(share);
    try {
      await storage.putDownload(rowOf(item, share));
      // Writes end in their order: what was in the row before is replaced.
      item.keptShares.shift();
    } catch (error) {
      item.keptShares.splice(1, 1);
      throw error;
    }
  }
  const forget = ({ id }: Item): void => {
    clearTimeout(pending.get(id));
    pending.delete(id);
  };

  /** A little ahead, so that the bar can move until the next write and still not be further than the row. */
  function writeAhead(item: Item): void {
    pending.delete(item.id);
    const share = item.progress.share();
    const gain = share - (lasts.get(item.id)?.share ?? share);
    lasts.set(item.id, { atMs: performance.now(), share });
    const ahead = share >= BYTES_SHARE ? share : Math.min(BYTES_SHARE, share + Math.max(AHEAD, gain * 1.5));
    write(item, ahead).catch(onError);
  }

  return {
    now(item) {
      forget(item);
      return write(item, item.progress.share());
    },
    soon(item) {
      if (pending.has(item.id)) return;
      const lastMs = lasts.get(item.id)?.atMs ?? -Infinity;
      const waitMs = Math.max(0, lastMs + everyMs - performance.now());
      pending.set(
        item.id,
        setTimeout(() => writeAhead(item), waitMs),
      );
    },
    async drop(item) {
      forget(item);
      lasts.delete(item.id);
      await storage.dropDownload(item.id);
    },
    forget,
  };
}
