// Waits that end by a limit or by a signal.
import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { unlessAborted, within } from '../../../src/main/waits/index.ts';

afterEach(() => {
  vi.useRealTimers();
});

const never = new Promise<void>(() => undefined);

describe('within a limit', () => {
  it('the end of the work is not waited for longer', async () => {
    vi.useFakeTimers();
    const waited = within(1_000, never);
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(waited).resolves.toBeUndefined();
  });

  it('work that ends or fails before leaves no timer', async () => {
    vi.useFakeTimers();
    await within(1_000, Promise.resolve('done'));
    await expect(within(1_000, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('unless aborted', () => {
  it('comes what was waited for, and no listener stays', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(Promise.resolve(1), signal)).resolves.toBe(1);
    await expect(unlessAborted(Promise.reject(new Error('failed')), signal)).rejects.toThrow('failed');
    await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toHaveLength(0));
  });

  it('the wait ends with the signal, and what fails later is nobody’s', async () => {
    const controller = new AbortController();
    let fail = (_error: Error): void => undefined;
    const late = new Promise<never>((_, reject) => (fail = reject));
    const waited = unlessAborted(late, controller.signal);
    controller.abort();
    await expect(waited).rejects.toMatchObject({ code: 'cancelled' });
    fail(new Error('too late'));
    await expect(unlessAborted(Promise.resolve(), controller.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
