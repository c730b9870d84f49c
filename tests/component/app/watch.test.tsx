import { expect, test, vi } from 'vitest';
import { watch } from '../../../src/renderer/lib/index.ts';
import { testStream } from '../../support/component/stream.ts';

test('a stream that ends or breaks is asked for again; nothing is after the signal', async () => {
  const source = testStream<number>();
  const life = new AbortController();
  const values: number[] = [];
  const onOpen = vi.fn<() => void>();
  const onError = vi.fn<(error: unknown) => void>();
  const over = watch(
    (options) => source.open(options),
    (value) => values.push(value),
    {
      signal: life.signal,
      onOpen,
      onError,
    },
  );
  await vi.waitFor(() => expect(source.listeners()).toBe(1));
  source.say(1);
  await vi.waitFor(() => expect(values).toEqual([1]));

  source.end();
  await vi.waitFor(() => expect(onOpen).toHaveBeenCalledTimes(2));
  source.say(2);
  await vi.waitFor(() => expect(values).toEqual([1, 2]));
  expect(onError).not.toHaveBeenCalled();

  source.end(new Error('the port died'));
  await vi.waitFor(() => expect(onOpen).toHaveBeenCalledTimes(3));
  expect(onError).toHaveBeenCalledExactlyOnceWith(new Error('the port died'));

  life.abort();
  await over;
  expect(source.listeners()).toBe(0);
  expect(onOpen).toHaveBeenCalledTimes(3);
  expect(onError).toHaveBeenCalledOnce();
});

test('a stream that cannot be opened is tried again, and an abort ends the pause', async () => {
  const life = new AbortController();
  const open = vi.fn<() => Promise<AsyncIterable<number>>>().mockRejectedValue(new Error('starting'));
  const over = watch(open, () => undefined, { signal: life.signal });
  await vi.waitFor(() => expect(open.mock.calls.length).toBeGreaterThan(1));
  life.abort();
  await over;
});
