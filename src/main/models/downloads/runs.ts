// What a download goes through: waiting, running, stalled and tried again, done or failed.
import type { Download } from '../../../contract/downloads.ts';
import type { Fetch, Log } from '../../diagnostics/index.ts';
import { HearthError } from '../../errors/index.ts';
import type { Places } from '../../ollama/index.ts';
import type { Announcer } from './announce.ts';
import { pullOnce } from './attempt.ts';
import { type Item, viewOf } from './item.ts';
import type { Keeper } from './keep.ts';
import type { DownloadLimits } from './limits.ts';
import { planRuns } from './order.ts';
import { QUIET_AFTER_MS } from './speed.ts';
import { type Trouble, troubleOf } from './trouble.ts';

export interface Runs {
  /** Brings what runs in line with what should, and tells of it. */
  pump(): void;
  /** Ends the attempt and the wait for the next one; the caller says what the download is then. */
  stopWork(item: Item): void;
  /** A stalled one is tried now, or as soon as there is room. */
  tryAgain(item: Item): void;
  /** By the user's wish: everything begins anew but the bar. */
  goOn(item: Item): void;
  /** Writes down what it is now; what may be shown then can be more than before. */
  save(item: Item): Promise<void>;
  /** Ends everything; each download stays what it is. */
  stop(): void;
}

export interface RunsOptions {
  /** Those that may run: their rows are on disk. */
  items: () => Item[];
  parallel: () => number;
  places: Pick<Places, 'open'>;
  fetch: Fetch;
  keeper: Keeper;
  announcer: Announcer;
  log: Log;
  now: () => number;
  limits: DownloadLimits;
  onSettled: (download: Download) => void;
  onKeepError: (error: unknown) => void;
}

/** Clocks and timers differ by some milliseconds. */
const QUIET_MARGIN_MS = 100;

export function createRuns(options: RunsOptions): Runs {
  const { items, parallel, places, fetch, keeper, announcer, log, now, limits, onKeepError } = options;
  let isStopped = false;

  async function save(item: Item): Promise<void> {
    await keeper.now(item);
    announcer.soon();
  }
  const saveBeside = (item: Item): void => void save(item).catch(onKeepError);

  function stopWork(item: Item): void {
    clearTimeout(item.retryTimer);
    item.speed.forget();
    const { run } = item;
    Object.assign(item, { run: null, step: null, retryAtMs: null, heardAtMs: null });
    run?.abort(new HearthError('cancelled'));
  }

  function pump(): void {
    if (isStopped) return;
    const plan = planRuns(items(), parallel());
    for (const item of plan.putBack) {
      stopWork(item);
      item.state = 'waiting';
      saveBeside(item);
    }
    for (const item of plan.begin) begin(item);
    announcer.now();
  }

  function begin(item: Item): void {
    const run = new AbortController();
    // Its problem stays: one that is tried again looks like one that moves only when bytes come.
    Object.assign(item, { state: 'running', step: 'manifest', run, heardAtMs: now(), finishedAtMs: null });
    saveBeside(item);
    void attempt(item, run);
  }

  /** Never rejects. Says nothing once the item has another run or none: it was paused, cancelled or closed meanwhile. */
  async function attempt(item: Item, run: AbortController): Promise<void> {
    const isMine = () => item.run === run;
    const onStep = (step: NonNullable<Download['step']>): void => {
      if (!isMine() || item.step === step) return;
      item.step = step;
      announcer.now();
    };
    const onBytes = ({ arrivedBytes, newBytes }: { arrivedBytes: number; newBytes: number }): void => {
      if (!isMine()) return;
      if (newBytes > 0) Object.assign(item, { attempt: 0, problem: null });
      if (arrivedBytes > 0) {
        item.heardAtMs = now();
        quiet.refresh();
      }
      item.speed.add(arrivedBytes);
      keeper.soon(item);
      announcer.soon();
    };
    const { model, isInsecure, progress } = item;
    const { stallMs, openMs } = limits;
    // An Ollama from which nothing comes at all gives no other occasion to tell that nothing comes.
    const quiet = setTimeout(() => announcer.soon(), QUIET_AFTER_MS + QUIET_MARGIN_MS);
    try {
      await pullOnce({ model, isInsecure, places, fetch, progress, stallMs, openMs, onStep, onBytes }, run.signal);
    } catch (error) {
      if (isMine()) giveUp(item, error);
      return;
    } finally {
      clearTimeout(quiet);
    }
    if (isMine()) finish(item);
  }

  function finish(item: Item): void {
    stopWork(item);
    item.progress.finish();
    settle(item, { state: 'done', attempt: 0, problem: null });
  }

  function giveUp(item: Item, error: unknown): void {
    stopWork(item);
    const { model, attempt, progress } = item;
    const totalBytes = progress.totalBytes();
    const missingBytes = totalBytes === null ? null : totalBytes - progress.completedBytes();
    const trouble = troubleOf(error, { model, missingBytes });
    const { code, detail } = trouble.problem;
    log.warn('A download stopped', { model, code, detail, retry: trouble.retry, attempt });
    if (isForTheUser(item, trouble)) settle(item, { state: 'failed', problem: trouble.problem });
    else stall(item, trouble);
  }

  function settle(item: Item, outcome: Pick<Item, 'state' | 'problem'> & Partial<Item>): void {
    Object.assign(item, outcome, { finishedAtMs: now() });
    saveBeside(item);
    pump();
    options.onSettled(viewOf(item));
  }

  function stall(item: Item, { problem }: Trouble): void {
    const waitMs = Math.min(limits.retryMs * 2 ** item.attempt, limits.retryMaxMs);
    Object.assign(item, { state: 'stalled', problem, attempt: item.attempt + 1, retryAtMs: now() + waitMs });
    item.retryTimer = setTimeout(() => tryAgain(item), waitMs);
    saveBeside(item);
    pump();
  }

  function tryAgain(item: Item): void {
    clearTimeout(item.retryTimer);
    Object.assign(item, { state: 'waiting', retryAtMs: null });
    pump();
    // Others took its place meanwhile.
    if (item.state === 'waiting') saveBeside(item);
  }

  return {
    pump,
    stopWork,
    tryAgain,
    save,
    goOn(item) {
      // What failed has been seen to; why nothing arrives holds until something does.
      const problem = item.state === 'stalled' ? item.problem : null;
      Object.assign(item, { attempt: 0, hadSecondTry: false, isLeft: false, problem, finishedAtMs: null });
      tryAgain(item);
    },
    stop() {
      isStopped = true;
      for (const item of items()) stopWork(item);
    },
  };
}

/** What may be tried once more by itself needs the user the second time. */
function isForTheUser(item: Item, { retry }: Trouble): boolean {
  if (retry !== 'once') return retry === 'user';
  const isSecond = item.hadSecondTry;
  item.hadSecondTry = true;
  return isSecond;
}
