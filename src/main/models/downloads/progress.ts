// Many files of a model, told one by one and not all beforehand, folded into one bar that never goes back.
//
// The bytes are told as they are: new files enlarge the total, a file that begins anew takes its bytes back. The bar is another
// thing: every byte that arrives moves it by its share of what is left, over that part of the bar that is left. While nothing
// surprising happens this is exactly bytes over total; whatever happens it only goes forwards and arrives at the end.
import type { PullRecord } from '../../ollama/index.ts';
import type { DownloadLayer } from '../../storage/index.ts';

/** The bytes' part of the bar; the rest is for checking and writing down, and comes with success. */
export const BYTES_SHARE = 0.99;

export interface Progress {
  layers(): DownloadLayer[];
  /** 0 to 1; 1 only after `finish`. */
  share(): number;
  /** Null before the first file. */
  totalBytes(): number | null;
  completedBytes(): number;
  /** A new request: what it says of a file for the first time did not arrive just now. */
  beginAttempt(): void;
  /**
   * Takes in how much of a file is here.
   * @returns how many bytes came since the last record of this file in this attempt, and how many that were not here before
   *   in any attempt
   */
  take(layer: Extract<PullRecord, { type: 'layer' }>): { arrivedBytes: number; newBytes: number; isNewLayer: boolean };
  finish(): void;
}

/** @param kept where an earlier Hearth got to */
export function createProgress(kept: { layers: DownloadLayer[]; share: number } = { layers: [], share: 0 }): Progress {
  let layers = new Map(kept.layers.map((layer) => [layer.digest, { ...layer }]));
  /** The most that was ever here of each file: what arrives a second time, or is told anew after a pause, moves no bar. */
  const most = new Map(kept.layers.map(({ digest, completed }) => [digest, completed]));
  let seen = new Set<string>();
  let share = kept.share;

  const sum = (of: (layer: DownloadLayer) => number): number =>
    [...layers.values()].reduce((all, one) => all + of(one), 0);

  return {
    layers: () => [...layers.values()].map((layer) => ({ ...layer })),
    share: () => share,
    totalBytes: () => (layers.size === 0 ? null : sum(({ total }) => total)),
    completedBytes: () => sum(({ completed }) => completed),
    beginAttempt() {
      seen = new Set();
    },
    take({ digest, total, completed }) {
      const known = layers.get(digest);
      const isNewLayer = !seen.has(digest);
      seen.add(digest);
      const before = Math.min(known?.completed ?? 0, completed);
      // A total that is not told yet must not shrink what was known.
      const layer = { digest, total: Math.max(total, known?.total ?? 0), completed: before };
      layers.set(digest, layer);
      const best = most.get(digest) ?? 0;
      const missing = sum((one) => Math.max(0, one.total - (most.get(one.digest) ?? 0)));
      const gain = completed - before;
      layer.completed = completed;
      if (completed > best) {
        most.set(digest, completed);
        if (share < BYTES_SHARE)
          share = Math.min(BYTES_SHARE, share + (BYTES_SHARE - share) * Math.min(1, (completed - best) / missing));
      }
      return { arrivedBytes: isNewLayer ? 0 : gain, newBytes: known === undefined ? 0 : gain, isNewLayer };
    },
    finish() {
      // Files that the last attempt did not name belong to a version that the registry has replaced meanwhile.
      const named = [...layers.values()].filter(({ digest }) => seen.has(digest));
      if (named.length > 0) layers = new Map(named.map((layer) => [layer.digest, layer]));
      for (const layer of layers.values()) layer.completed = layer.total;
      share = 1;
    },
  };
}
