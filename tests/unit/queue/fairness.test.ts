// Whatever arrives, ends and is cancelled in whatever order: nobody is lost, run twice or passed for too long.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JobClass } from '../../../src/contract/chat.ts';
import { createQueue, type Ticket } from '../../../src/main/queue/index.ts';
import { HANDICAP_MS } from '../../../src/main/queue/order.ts';

type Step =
  | { do: 'submit'; jobClass: JobClass; lane: string; afterMs: number }
  | { do: 'end' | 'fail' | 'cancel'; pick: number; afterMs: number };

const SLOTS: Record<string, number> = { narrow: 1, wide: 3 };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('submit' as const),
    jobClass: fc.constantFrom<JobClass>('interactive', 'gateway', 'batch'),
    lane: fc.constantFrom('narrow', 'wide'),
    afterMs: fc.integer({ min: 0, max: 30_000 }),
  }),
  fc.record({
    do: fc.constantFrom('end' as const, 'end' as const, 'fail' as const, 'cancel' as const),
    pick: fc.nat(),
    afterMs: fc.integer({ min: 0, max: 30_000 }),
  }),
);

interface Tracked {
  jobClass: JobClass;
  lane: string;
  arrivedAtMs: number;
  startedNo: number | null;
  runs: number;
  ticket: Ticket | null;
  isCancelled: boolean;
  outcome: string | null;
  release: ((error?: Error) => void) | null;
}

/** Plays the steps, then lets everything run to its end. */
async function play(steps: Step[]): Promise<Tracked[]> {
  let nowMs = 0;
  let starts = 0;
  const queue = createQueue({ now: () => nowMs });
  const jobs: Tracked[] = [];
  const runningIn = (lane: string) => jobs.filter((job) => job.lane === lane && job.release !== null).length;

  function submit(jobClass: JobClass, lane: string): void {
    const tracked: Tracked = {
      jobClass,
      lane,
      arrivedAtMs: nowMs,
      startedNo: null,
      runs: 0,
      ticket: null,
      isCancelled: false,
      outcome: null,
      release: null,
    };
    jobs.push(tracked);
    const ticket = queue.submit({
      id: String(jobs.length),
      class: jobClass,
      client: 'test',
      lane,
      concurrency: SLOTS[lane] ?? 1,
      run: (signal) =>
        new Promise((resolve, reject) => {
          tracked.runs++;
          tracked.startedNo = starts++;
          tracked.release = (error) => {
            tracked.release = null;
            if (error) reject(error);
            else resolve();
          };
          signal.addEventListener('abort', () => tracked.release?.());
          expect(runningIn(lane)).toBeLessThanOrEqual(SLOTS[lane] ?? 1);
        }),
    });
    tracked.ticket = ticket;
    void outcomeOf(ticket).then((outcome) => (tracked.outcome = outcome));
  }

  for (const current of steps) {
    nowMs += current.afterMs;
    if (current.do === 'submit') {
      submit(current.jobClass, current.lane);
    } else if (current.do === 'cancel') {
      const job = jobs[current.pick % Math.max(1, jobs.length)];
      if (job && job.outcome === null) job.isCancelled = true;
      job?.ticket?.cancel();
    } else {
      const running = jobs.filter((job) => job.release !== null);
      running[current.pick % Math.max(1, running.length)]?.release?.(
        current.do === 'fail' ? new Error('planned') : undefined,
      );
    }
    await settleMicrotasks();
  }
  while (jobs.some((job) => job.outcome === null)) {
    nowMs += 1_000;
    for (const job of jobs) job.release?.();
    await settleMicrotasks();
  }
  expect(queue.status()).toEqual({ lanes: [], chats: [] });
  return jobs;
}

async function outcomeOf(ticket: Ticket): Promise<string> {
  try {
    return await ticket.done;
  } catch {
    return 'failed';
  }
}

async function settleMicrotasks(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

it('loses no job, runs none twice, and only a cancelled one stays away', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      for (const job of await play(steps)) {
        expect(job.runs).toBeLessThanOrEqual(1);
        if (!job.isCancelled) expect(job.runs).toBe(1);
        expect(job.outcome === 'cancelled').toBe(job.runs === 0);
      }
    }),
    { numRuns: 60 },
  );
});

it('lets nobody be passed by a job that came later than the handicap allows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const jobs = (await play(steps)).filter((job) => job.startedNo !== null);
      for (const waiter of jobs) {
        for (const other of jobs) {
          const isPassing =
            other.lane === waiter.lane &&
            other.arrivedAtMs > waiter.arrivedAtMs &&
            (other.startedNo ?? 0) < (waiter.startedNo ?? 0);
          if (!isPassing) continue;
          const allowedMs = HANDICAP_MS[waiter.jobClass] - HANDICAP_MS[other.jobClass];
          expect(other.arrivedAtMs - waiter.arrivedAtMs).toBeLessThan(allowedMs);
        }
      }
    }),
    { numRuns: 60 },
  );
});
