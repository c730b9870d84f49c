// One backend's line: what runs, what waits, and what those who wait are told.
import type { QueuePlace } from '../../contract/chat.ts';
import type { ConversationId } from '../../contract/ids.ts';
import { estimateWaits, nextMean } from './estimate.ts';
import type { Job, Ticket, Work } from './interface.ts';
import { insertByKey, queueKey } from './order.ts';

export interface LaneOptions {
  /** Milliseconds of a clock that never goes back. */
  now: () => number;
  /** Called after every change of who runs and who waits. */
  onChange: () => void;
  /** Gets what a job's `onPlace` threw; the line goes on. */
  onListenerError: (error: unknown) => void;
}

export interface Lane {
  submit(job: Job): Ticket;
  running(): number;
  waiting(): number;
  /** The chats that what runs and what waits belongs to; one may come more than once. */
  chats(): { running: ConversationId[]; waiting: ConversationId[] };
  cancelAll(): void;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
}

interface Waiting {
  readonly key: number;
  readonly job: Job;
  readonly resolve: (end: 'done' | 'cancelled') => void;
  readonly reject: (error: unknown) => void;
  told: (Omit<QueuePlace, 'etaMs'> & { startsAtMs: number | null }) | null;
}

interface Running {
  readonly startedAtMs: number;
  readonly abort: AbortController;
  /** What it is busy with, since when; null while it has said nothing. */
  work: (Work & { sinceMs: number }) | null;
  /** Resolves when the run is over and its slot is free again. */
  ended: Promise<void>;
}

/** A new start time is told when it moved by more than this: time passing alone is no news, the window counts down. */
const TELL_SHIFT_MS = 500;

export function createLane({ now, onChange, onListenerError }: LaneOptions): Lane {
  const line: Waiting[] = [];
  const runs = new Map<Waiting, Running>();
  let slots = 1;
  let meanMs: number | null = null;
  let tellings = 0;

  /** Tells everyone from an index on whose place changed. Whoever cancels in the middle starts a newer telling that wins. */
  function tellPlaces(fromIndex: number): void {
    const telling = ++tellings;
    const nowMs = now();
    const running = [...runs.values()].map(({ startedAtMs, work }) => ({
      ranForMs: nowMs - startedAtMs,
      leftMs: work === null || work.leftMs === null ? null : work.leftMs - (nowMs - work.sinceMs),
    }));
    const waitOf = estimateWaits({ meanMs, running, slots });
    const busyWith = [...runs.values()].find(({ work }) => work?.busyWith)?.work?.busyWith;
    const behind = longestRunning(nowMs);
    for (let index = fromIndex; index < line.length; index++) {
      const entry = line[index];
      if (entry === undefined || telling !== tellings) return;
      const { etaMs, thenMs, isLate } = waitOf(index + 1);
      const place: QueuePlace = {
        position: index + 1,
        etaMs,
        running: runs.size,
        ...(thenMs ? { thenMs } : {}),
        ...(behind ? { behind } : {}),
        ...(busyWith ? { busyWith } : {}),
        ...(isLate ? { isLate } : {}),
      };
      if (isNews(entry.told, place, nowMs)) {
        entry.told = { ...place, startsAtMs: etaMs === null ? null : nowMs + etaMs };
        try {
          entry.job.onPlace?.(place);
        } catch (error) {
          onListenerError(error);
        }
      }
    }
  }

  /** Runs are kept in the order in which they began. */
  function longestRunning(nowMs: number): QueuePlace['behind'] {
    for (const [{ job }, { startedAtMs }] of runs) {
      const { client, conversationId } = job;
      return { client, ...(conversationId ? { conversationId } : {}), ranForMs: nowMs - startedAtMs };
    }
    return undefined;
  }

  function start(entry: Waiting): void {
    const run: Running = { startedAtMs: now(), abort: new AbortController(), work: null, ended: Promise.resolve() };
    runs.set(entry, run);
    // Called in this very tick: the request to the engine is on its way before anything else happens.
    run.ended = conduct(entry, run);
  }

  async function conduct(entry: Waiting, run: Running): Promise<void> {
    try {
      await entry.job.run(run.abort.signal, (work) => {
        run.work = { ...work, sinceMs: now() };
        tellPlaces(0);
      });
      // Only whole runs say how long an answer takes.
      if (!run.abort.signal.aborted) meanMs = nextMean(meanMs, now() - run.startedAtMs);
      entry.resolve('done');
    } catch (error) {
      entry.reject(error);
    } finally {
      leave(entry);
    }
  }

  function leave(entry: Waiting): void {
    runs.delete(entry);
    fillSlots();
    tellPlaces(0);
    onChange();
  }

  function fillSlots(): void {
    while (runs.size < slots) {
      const next = line.shift();
      if (next === undefined) return;
      start(next);
    }
  }

  function cancel(entry: Waiting): void {
    const index = line.indexOf(entry);
    if (index === -1) {
      runs.get(entry)?.abort.abort();
      return;
    }
    line.splice(index, 1);
    entry.resolve('cancelled');
    tellPlaces(index);
    onChange();
  }

  return {
    submit(job) {
      slots = Math.max(1, job.concurrency);
      let entry!: Waiting;
      const done = new Promise<'done' | 'cancelled'>((resolve, reject) => {
        entry = { key: queueKey(now(), job.class), job, resolve, reject, told: null };
      });
      const index = insertByKey(line, entry);
      fillSlots();
      tellPlaces(index);
      onChange();
      return { done, cancel: () => cancel(entry) };
    },
    running: () => runs.size,
    waiting: () => line.length,
    chats: () => ({ running: chatsOf([...runs.keys()]), waiting: chatsOf(line) }),
    cancelAll() {
      for (const entry of line.splice(0)) entry.resolve('cancelled');
      for (const run of runs.values()) run.abort.abort();
      onChange();
    },
    async idle() {
      await Promise.all([...runs.values()].map((run) => run.ended));
    },
  };
}

function chatsOf(entries: readonly Waiting[]): ConversationId[] {
  return entries.flatMap(({ job }) => job.conversationId ?? []);
}

function isNews(told: Waiting['told'], place: QueuePlace, nowMs: number): boolean {
  if (told === null || told.position !== place.position || told.running !== place.running) return true;
  if (told.busyWith !== place.busyWith || told.isLate !== place.isLate) return true;
  if (told.startsAtMs === null || place.etaMs === null) return told.startsAtMs !== place.etaMs;
  return Math.abs(nowMs + place.etaMs - told.startsAtMs) > TELL_SHIFT_MS;
}
