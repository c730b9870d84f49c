// One download as the engine holds it, as the windows see it and as it is kept.
import type { Download, DownloadId, DownloadState } from '../../../contract/downloads.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { StoredDownload } from '../../storage/index.ts';
import { modelKey } from './name.ts';
import { createProgress, type Progress } from './progress.ts';
import { createSpeed, type Speed } from './speed.ts';

export interface Item {
  readonly id: DownloadId;
  readonly model: string;
  /** The same for every name of this model. */
  readonly key: string;
  readonly position: number;
  readonly createdAtMs: number;
  readonly progress: Progress;
  readonly speed: Speed;
  isInsecure: boolean;
  state: DownloadState;
  step: Download['step'];
  attempt: number;
  retryAtMs: number | null;
  /** When bytes came last in this attempt, or it began; null without one. */
  heardAtMs: number | null;
  problem: ErrorInfo | null;
  finishedAtMs: number | null;
  /**
   * The bar as it is in the row, then as each write that is under way is going to leave it, in their order. No more than the
   * least of them is shown, so that no death of Hearth can move the bar back.
   */
  keptShares: number[];
  /** Set while an attempt runs; whose attempt it is no longer has nothing to say. */
  run: AbortController | null;
  retryTimer: NodeJS.Timeout | undefined;
  /** Something that gets a second try only once has had it. */
  hadSecondTry: boolean;
  /** Waits for a Hearth that goes on with what was left, or for somebody who asks for it; its row stays what it is. */
  isLeft: boolean;
  /** Resolves when the row is on disk for the first time; null from then on. */
  adding: Promise<void> | null;
}

type Fresh = Pick<StoredDownload, 'id' | 'model' | 'isInsecure' | 'position' | 'createdAtMs'>;

export function itemFrom(row: Fresh & Partial<StoredDownload>): Item {
  const { id, model, isInsecure, position, createdAtMs, layers = [], progress = 0 } = row;
  return {
    id,
    model,
    key: modelKey(model),
    isInsecure,
    position,
    createdAtMs,
    progress: createProgress({ layers, share: progress }),
    speed: createSpeed(() => performance.now()),
    state: row.state ?? 'waiting',
    step: null,
    attempt: 0,
    retryAtMs: null,
    heardAtMs: null,
    problem: row.problem ?? null,
    finishedAtMs: row.finishedAtMs ?? null,
    keptShares: [progress],
    run: null,
    retryTimer: undefined,
    hadSecondTry: false,
    isLeft: false,
    adding: null,
  };
}

export function rowOf(item: Item, share: number): StoredDownload {
  const { id, model, isInsecure, state, position, progress, problem, createdAtMs, finishedAtMs } = item;
  const layers = progress.layers();
  return { id, model, isInsecure, state, position, layers, progress: share, problem, createdAtMs, finishedAtMs };
}

const AWAITS_BYTES: ReadonlySet<Download['step']> = new Set<Download['step']>(['manifest', 'layers']);

export function viewOf(item: Item): Download {
  const { id, model, state, step, progress, attempt, retryAtMs, problem, createdAtMs, finishedAtMs } = item;
  const totalBytes = progress.totalBytes();
  const completedBytes = progress.completedBytes();
  const bytesPerSecond = state === 'running' && step === 'layers' ? item.speed.bytesPerSecond() : null;
  const leftBytes = totalBytes === null ? null : totalBytes - completedBytes;
  return {
    id,
    model,
    state,
    step: state === 'running' ? step : null,
    totalBytes,
    completedBytes,
    progress: state === 'done' ? 1 : Math.min(progress.share(), ...item.keptShares),
    bytesPerSecond,
    heardAtMs: state === 'running' && AWAITS_BYTES.has(step) ? item.heardAtMs : null,
    secondsLeft: bytesPerSecond && leftBytes !== null ? leftBytes / bytesPerSecond : null,
    attempt,
    retryAtMs,
    problem,
    createdAtMs,
    finishedAtMs,
  };
}
