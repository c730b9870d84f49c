// The line of background work: one at a time, only while nobody uses the engine, and out of the way when somebody comes.
import type { QueueStatus } from '../../contract/backends.ts';
import type { BackendPlan } from '../backends/index.ts';
import type { Log } from '../diagnostics/index.ts';
import { HearthError, toErrorInfo } from '../errors/index.ts';
import type { Queue } from '../queue/index.ts';
import type { BackgroundPurpose } from './interface.ts';

/** One piece of work for one purpose. */
export interface Chore {
  purpose: BackgroundPurpose;
  /** Where it would go now; null when there is nothing to do any more. Rejects with why it can't be done. */
  plan(signal: AbortSignal): Promise<BackendPlan | null>;
  run(plan: BackendPlan, signal: AbortSignal): Promise<void>;
}

export interface LineOptions {
  queue: Queue;
  log: Pick<Log, 'info'>;
  newId: () => string;
  /** How long one piece of work may run. */
  limitMs?: number;
}

export interface Line {
  add(chore: Chore): void;
  /** Ends what runs, forgets what waits; resolves within seconds. Idempotent. */
  close(): Promise<void>;
}

const LIMIT_MS = 60_000;
const WAITING_MAX = 20;
/** How often work that made way for a person is begun again. */
const AGAIN_MAX = 3;
/** An engine that ignores its signal is not waited for longer; its slot stays taken until it ends. */
const END_WITHIN_MS = 2_000;

interface Entry {
  chore: Chore;
  /** How often it made way. */
  madeWay: number;
  /** Where it waits to be free; null while that is not known. */
  lane: string | null;
}

export function createLine({ queue, log, newId, limitMs = LIMIT_MS }: LineOptions): Line {
  const waiting: Entry[] = [];
  const life = new AbortController();
  let current: Promise<void> | null = null;
  /** Called when the queue has changed while a job of ours runs. */
  let watch: (status: QueueStatus) => void = () => {};

  const load = (lane: string, status: QueueStatus) => status.lanes.find((one) => one.lane === lane);
  const isIdle = (lane: string) => load(lane, queue.status()) === undefined;

  const stopListening = queue.onChange((status) => {
    watch(status);
    next();
  });

  function next(): void {
    if (current !== null || life.signal.aborted) return;
    const index = waiting.findIndex(({ lane }) => lane === null || isIdle(lane));
    const [entry] = index === -1 ? [] : waiting.splice(index, 1);
    if (entry === undefined) return;
    current = handle(entry).finally(() => {
      current = null;
      next();
    });
  }

  async function handle(entry: Entry): Promise<void> {
    const { chore } = entry;
    try {
      const plan = await chore.plan(life.signal);
      if (plan === null || life.signal.aborted) return;
      entry.lane = plan.lane;
      // Waiting here and not in the queue, where time alone would bring it before people.
      if (!isIdle(plan.lane)) putBack(entry);
      else if ((await runInQueue(chore, plan)) === 'made way') again(entry);
    } catch (error) {
      if (life.signal.aborted) return;
      const { code, detail } = toErrorInfo(error);
      // What a server says of a request may repeat what is in it.
      const why = code === 'cancelled' ? { detail } : {};
      log.info('Background work was left out', { purpose: chore.purpose, code, ...why });
    }
  }

  function again(entry: Entry): void {
    entry.madeWay += 1;
    if (entry.madeWay <= AGAIN_MAX) putBack(entry);
    else log.info('Background work was left out', { purpose: entry.chore.purpose, madeWay: entry.madeWay });
  }

  function putBack(entry: Entry): void {
    if (life.signal.aborted) return;
    waiting.unshift(entry);
    dropOldest();
  }

  /** What was said last matters most. */
  function dropOldest(): void {
    while (waiting.length > WAITING_MAX) {
      const dropped = waiting.shift();
      log.info('Background work was left out', { purpose: dropped?.chore.purpose, waiting: WAITING_MAX });
    }
  }

  async function runInQueue(chore: Chore, plan: BackendPlan): Promise<'done' | 'made way'> {
    const end = new AbortController();
    let hasMadeWay = false;
    let giveUp = () => {};
    const givenUp = new Promise<void>((resolve) => (giveUp = resolve));
    let lastTimer: NodeJS.Timeout | undefined;
    const stop = (reason: unknown) => {
      if (end.signal.aborted) return;
      end.abort(reason);
      lastTimer = setTimeout(giveUp, END_WITHIN_MS);
    };
    const late = () => stop(new HearthError('cancelled', {}, { detail: `it took longer than ${limitMs} ms` }));
    const limit = setTimeout(late, limitMs);
    const onClose = () => stop(life.signal.reason);
    life.signal.addEventListener('abort', onClose);
    const { lane, concurrency } = plan;
    watch = (status) => {
      // Ours is one that runs, so whoever else is there is somebody's: an engine that answers several at once is shared.
      const { running = 0, waiting: others = 0 } = load(lane, status) ?? {};
      if (running + others <= 1) return;
      hasMadeWay = true;
      stop(new HearthError('cancelled'));
    };
    const ticket = queue.submit({
      id: newId(),
      class: 'batch',
      client: 'background',
      lane,
      concurrency,
      run: (signal) => chore.run(plan, AbortSignal.any([signal, end.signal])),
    });
    try {
      await Promise.race([ticket.done, givenUp]);
      end.signal.throwIfAborted();
      return 'done';
    } catch (error) {
      if (hasMadeWay) return 'made way';
      throw end.signal.aborted ? end.signal.reason : error;
    } finally {
      watch = () => {};
      clearTimeout(limit);
      clearTimeout(lastTimer);
      life.signal.removeEventListener('abort', onClose);
    }
  }

  return {
    add(chore) {
      if (life.signal.aborted) return;
      waiting.push({ chore, madeWay: 0, lane: null });
      dropOldest();
      next();
    },
    async close() {
      stopListening();
      waiting.length = 0;
      if (!life.signal.aborted) life.abort(new HearthError('cancelled'));
      await current;
    },
  };
}
