// The queue of this process: a lane for each backend.
import type { QueueStatus } from '../../contract/backends.ts';
import type { ConversationId } from '../../contract/ids.ts';
import { within } from '../waits/index.ts';
import type { Job, Queue, Ticket } from './interface.ts';
import { createLane, type Lane } from './lane.ts';

export interface QueueOptions {
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
  /** How long `stop` waits for running jobs to end. */
  stopWithinMs?: number;
  /** Gets what a listener or an `onPlace` threw; the queue goes on. */
  onListenerError?: (error: unknown) => void;
}

/** An empty queue. It holds no timer while nothing is stopped. */
export function createQueue({
  now = () => performance.now(),
  stopWithinMs = 3_000,
  onListenerError = warnOf,
}: QueueOptions = {}): Queue {
  // A lane stays when it is idle: it remembers how long its answers take. There is one for each server ever asked.
  const lanes = new Map<string, Lane>();
  const listeners = new Set<(status: QueueStatus) => void>();
  let isStopped = false;

  const status = (): QueueStatus => ({
    lanes: [...lanes]
      .map(([name, lane]) => ({ lane: name, running: lane.running(), waiting: lane.waiting() }))
      .filter(({ running, waiting }) => running + waiting > 0),
    chats: chatsOf([...lanes.values()]),
  });

  function announce(): void {
    if (listeners.size === 0) return;
    const current = status();
    for (const listener of listeners) {
      try {
        listener(current);
      } catch (error) {
        onListenerError(error);
      }
    }
  }

  function laneOf(job: Job): Lane {
    const known = lanes.get(job.lane);
    if (known !== undefined) return known;
    const lane = createLane({ now, onChange: announce, onListenerError });
    lanes.set(job.lane, lane);
    return lane;
  }

  return {
    submit(job): Ticket {
      if (isStopped) return { done: Promise.resolve('cancelled'), cancel: () => {} };
      return laneOf(job).submit(job);
    },
    status,
    onChange(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async stop() {
      isStopped = true;
      for (const lane of lanes.values()) lane.cancelAll();
      const allIdle = Promise.all([...lanes.values()].map((lane) => lane.idle()));
      await within(stopWithinMs, allIdle);
    },
  };
}

function chatsOf(lanes: readonly Lane[]): QueueStatus['chats'] {
  const all = lanes.map((lane) => lane.chats());
  const states = new Map<ConversationId, 'running' | 'waiting'>();
  for (const { waiting } of all) for (const id of waiting) states.set(id, 'waiting');
  for (const { running } of all) for (const id of running) states.set(id, 'running');
  return [...states].map(([id, state]) => ({ id, state }));
}

function warnOf(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}
