// The state is looked at while somebody sees it, and not otherwise.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPoll } from '../../../src/main/backends/health/poll.ts';
import { type MadeUpChain, madeUpChain } from '../../support/made-up-backends.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a poll', () => {
  it('looks every half minute while watched, and never while hidden', async () => {
    const look = vi.fn(() => Promise.resolve());
    const poll = createPoll({ look });
    await vi.advanceTimersByTimeAsync(300_000);
    expect(look).toHaveBeenCalledTimes(0);
    poll.setWatched(true);
    expect(look).toHaveBeenCalledTimes(1);
    poll.setWatched(true);
    await vi.advanceTimersByTimeAsync(90_000);
    expect(look).toHaveBeenCalledTimes(4);
    poll.setWatched(false);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(vi.getTimerCount()).toBe(0);
    // Hidden for less than the interval: what was seen is fresh enough.
    poll.setWatched(true);
    expect(look).toHaveBeenCalledTimes(4);
    poll.stop();
    poll.setWatched(true);
    await vi.advanceTimersByTimeAsync(90_000);
    expect(look).toHaveBeenCalledTimes(4);
  });

  it('begins no look while one is under way', async () => {
    let end = () => {};
    const look = vi.fn(() => new Promise<void>((resolve) => (end = resolve)));
    const poll = createPoll({ look });
    poll.setWatched(true);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(look).toHaveBeenCalledTimes(1);
    end();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(look).toHaveBeenCalledTimes(2);
    poll.stop();
  });
});

describe('the backends', () => {
  const hosts = {
    here: '127.0.0.1:8000',
    far: 'api.example.com:443',
    off: '127.0.0.1:9000',
    gone: 'api.example.org:443',
  };

  async function checked(): Promise<MadeUpChain> {
    const chain = madeUpChain(Object.keys(hosts), {}, { hosts });
    const { settings } = chain;
    const list = settings.get().backends;
    await settings.set({
      backends: { ...list, switches: { ollama: false, llamacpp: false, off: false, gone: false } },
    });
    await chain.backends.check();
    return chain;
  }

  it('are polled without waking any, and only those that are on and not on the internet', async () => {
    const { backends, of } = await checked();
    const before = Object.keys(hosts).map((id) => of(id).looks.length);
    expect(before).toEqual([1, 1, 1, 0]);
    backends.setWatched(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Object.keys(hosts).map((id) => of(id).looks.length)).toEqual([3, 1, 1, 0]);
    expect(of('here').looks.slice(1)).toEqual(['look', 'look']);
    await backends.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(of('here').looks).toHaveLength(3);
  });
});
