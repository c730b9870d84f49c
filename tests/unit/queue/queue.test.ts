import { uuidv7 } from 'uuidv7';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { QueueStatus } from '../../../src/contract/backends.ts';
import type { QueuePlace } from '../../../src/contract/chat.ts';
import type { ConversationId } from '../../../src/contract/ids.ts';
import { createQueue, type Job, type QueueOptions } from '../../../src/main/queue/index.ts';

/** A queue with a hand-driven clock, and jobs that end when the test says so. */
function scene(options: QueueOptions = {}) {
  let nowMs = 0;
  const queue = createQueue({ now: () => nowMs, ...options });
  const started: string[] = [];
  const places = new Map<string, QueuePlace[]>();
  const ends = new Map<string, { end: () => void; fail: (error: Error) => void; signal: AbortSignal }>();

  function job(id: string, more: Partial<Job> = {}): Job {
    return {
      id,
      class: 'interactive',
      client: 'window',
      lane: 'one',
      concurrency: 1,
      run: (signal) =>
        new Promise((resolve, reject) => {
          started.push(id);
          ends.set(id, { end: resolve, fail: reject, signal });
          signal.addEventListener('abort', () => resolve());
        }),
      onPlace: (place) => places.set(id, [...(places.get(id) ?? []), place]),
      ...more,
    };
  }
  return {
    queue,
    started,
    places: (id: string) => places.get(id) ?? [],
    at: (ms: number) => {
      nowMs = ms;
    },
    submit: (id: string, more: Partial<Job> = {}) => queue.submit(job(id, more)),
    end: (id: string) => ends.get(id)?.end(),
    fail: (id: string, error: Error) => ends.get(id)?.fail(error),
    signal: (id: string) => ends.get(id)?.signal,
  };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a queue', () => {
  it('starts a job in the same tick when a slot is free, without a word about its place', async () => {
    const { submit, started, places, end } = scene();
    const ticket = submit('a');
    expect(started).toEqual(['a']);
    end('a');
    await expect(ticket.done).resolves.toBe('done');
    expect(places('a')).toEqual([]);
  });

  it('keeps to the slots of each lane', async () => {
    const { submit, started, end } = scene();
    const first = submit('a', { concurrency: 2 });
    submit('b', { concurrency: 2 });
    submit('c', { concurrency: 2 });
    submit('d', { lane: 'two' });
    expect(started).toEqual(['a', 'b', 'd']);
    end('a');
    await first.done;
    expect(started).toEqual(['a', 'b', 'd', 'c']);
  });

  it('lets a person pass a batch, but not a batch that has waited out its handicap', async () => {
    const { submit, at, started, end } = scene();
    const tickets = [submit('running')];
    tickets.push(submit('batch', { class: 'batch' }));
    at(59_000);
    tickets.push(submit('soon'));
    at(61_000);
    tickets.push(submit('late'));
    for (const [index, id] of ['running', 'soon', 'batch', 'late'].entries()) {
      await vi.waitFor(() => expect(started[index]).toBe(id));
      end(id);
    }
    await Promise.all(tickets.map((ticket) => ticket.done));
    expect(started).toHaveLength(4);
  });

  it('goes on after a job that throws at once or rejects, and hands the error to its ticket', async () => {
    const { submit, started } = scene();
    const thrower = submit('thrower', {
      run: () => {
        throw new Error('at once');
      },
    });
    const rejecter = submit('rejecter', { run: () => Promise.reject(new Error('later')) });
    submit('next');
    await expect(thrower.done).rejects.toThrow('at once');
    await expect(rejecter.done).rejects.toThrow('later');
    await vi.waitFor(() => expect(started).toEqual(['next']));
  });

  it('uses new slots at once when a later job brings more', () => {
    const { submit, started } = scene();
    submit('a');
    submit('b');
    submit('c', { concurrency: 3 });
    expect(started).toEqual(['a', 'b', 'c']);
  });
});

describe('cancelling', () => {
  it('takes a waiting job out of the line and moves the others up', async () => {
    const { submit, places, started, end } = scene();
    const running = submit('a');
    const waiting = submit('b');
    submit('c');
    waiting.cancel();
    await expect(waiting.done).resolves.toBe('cancelled');
    expect(places('c').map((place) => place.position)).toEqual([2, 1]);
    end('a');
    await running.done;
    expect(started).toEqual(['a', 'c']);
  });

  it('aborts the signal of a running job and frees its slot when it has ended', async () => {
    const { submit, started, signal } = scene();
    const running = submit('a');
    submit('b');
    running.cancel();
    expect(signal('a')?.aborted).toBe(true);
    expect(started).toEqual(['a']);
    await expect(running.done).resolves.toBe('done');
    expect(started).toEqual(['a', 'b']);
  });

  it('changes nothing for a job that has ended', async () => {
    const { submit, end, signal, started } = scene();
    const ticket = submit('a');
    end('a');
    await ticket.done;
    submit('b');
    ticket.cancel();
    expect(started).toEqual(['a', 'b']);
    expect(signal('b')?.aborted).toBe(false);
  });
});

describe('the place of a waiting job', () => {
  it('comes with an estimate once a job of the lane has ended', async () => {
    const { submit, places, end, at } = scene();
    const first = submit('a');
    submit('b');
    expect(places('b')).toMatchObject([{ position: 1, etaMs: null, running: 1 }]);
    at(2_000);
    end('a');
    await first.done;
    submit('c');
    expect(places('c')).toMatchObject([{ position: 1, etaMs: 2_000, running: 1 }]);
  });

  it('is told again when someone passes, and not when only time goes by', async () => {
    const { submit, places, end, at } = scene();
    const first = submit('a');
    at(1_000);
    end('a');
    await first.done;
    submit('b');
    submit('batch', { class: 'batch' });
    at(1_200);
    submit('other', { class: 'batch' });
    expect(places('batch')).toMatchObject([{ position: 1, etaMs: 1_000, running: 1 }]);
    submit('person');
    expect(places('batch').at(-1)).toMatchObject({ position: 2, etaMs: 1_800, running: 1 });
  });

  it('does not learn from jobs that were cancelled or failed', async () => {
    const { submit, places, at, fail } = scene();
    const cancelled = submit('a');
    at(9_000);
    cancelled.cancel();
    await cancelled.done;
    const failed = submit('b');
    fail('b', new Error('no engine'));
    await expect(failed.done).rejects.toThrow('no engine');
    submit('c');
    submit('d');
    expect(places('d')).toMatchObject([{ position: 1, etaMs: null, running: 1 }]);
  });

  it('says behind whose answer it waits, and what is left when that ends', async () => {
    const { submit, places, end, at } = scene();
    const first = submit('a');
    at(1_000);
    end('a');
    await first.done;
    const chat = uuidv7() as ConversationId;
    submit('b', { client: 'cli', conversationId: chat });
    at(1_400);
    submit('c');
    submit('d');
    const behind = { client: 'cli', conversationId: chat, ranForMs: 400 };
    expect(places('c')).toEqual([{ position: 1, etaMs: 600, running: 1, behind }]);
    expect(places('d')).toEqual([{ position: 2, etaMs: 1_600, thenMs: 1_000, running: 1, behind }]);
  });

  it('may make its owner cancel while it is told, and the rest hears its true place', () => {
    const { submit, places } = scene();
    submit('a');
    const impatient = submit('b', {
      class: 'batch',
      onPlace: (place) => {
        if (place.position === 2) impatient.cancel();
      },
    });
    submit('c', { class: 'batch' });
    submit('d', { class: 'batch' });
    submit('person');
    expect(places('c').map((place) => place.position)).toEqual([2]);
    expect(places('d').map((place) => place.position)).toEqual([3]);
  });

  it('goes on when a listener throws, and reports it', () => {
    const onListenerError = vi.fn<(error: unknown) => void>();
    const { queue, submit, places } = scene({ onListenerError });
    submit('a');
    submit('b', {
      onPlace: () => {
        throw new Error('listener');
      },
    });
    queue.onChange(() => {
      throw new Error('watcher');
    });
    submit('c');
    expect(places('c')).toHaveLength(1);
    expect(onListenerError.mock.calls.map(([error]) => (error as Error).message)).toEqual(['listener', 'watcher']);
  });
});

describe('the status', () => {
  it('is told at every change and names lanes with work only', async () => {
    const { queue, submit, end } = scene();
    const seen: QueueStatus[] = [];
    const unsubscribe = queue.onChange((status) => seen.push(status));
    const ticket = submit('a');
    const waiting = submit('b');
    expect(seen.at(-1)).toEqual({ lanes: [{ lane: 'one', running: 1, waiting: 1 }], chats: [] });
    end('a');
    await ticket.done;
    end('b');
    await waiting.done;
    expect(seen.at(-1)).toEqual({ lanes: [], chats: [] });
    const count = seen.length;
    unsubscribe();
    submit('c');
    expect(seen).toHaveLength(count);
  });
});

describe('stopping', () => {
  it('cancels what waits, aborts what runs, waits for it and takes no more', async () => {
    const { queue, submit, started } = scene();
    const running = submit('a');
    const waiting = submit('b');
    await queue.stop();
    await expect(running.done).resolves.toBe('done');
    await expect(waiting.done).resolves.toBe('cancelled');
    await expect(submit('c').done).resolves.toBe('cancelled');
    expect(started).toEqual(['a']);
    await queue.stop();
  });

  it('does not wait for ever for a job that ignores its signal', async () => {
    vi.useFakeTimers();
    const { queue, submit } = scene({ stopWithinMs: 3_000 });
    submit('deaf', { run: () => new Promise(() => {}) });
    const stopped = vi.fn<() => void>();
    const stopping = queue.stop().then(stopped);
    await vi.advanceTimersByTimeAsync(2_999);
    expect(stopped).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await stopping;
    expect(stopped).toHaveBeenCalledOnce();
  });
});
