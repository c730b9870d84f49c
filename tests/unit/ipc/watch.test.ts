import { expect, test } from 'vitest';
import { watchEach, watchLatest } from '../../../src/main/ipc/watch.ts';

function source() {
  const listeners = new Set<(value: number) => void>();
  return {
    listeners,
    emit: (value: number) => {
      for (const listener of listeners) listener(value);
    },
    onChange: (listener: (value: number) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

test('the current value comes first, then the newest one', async () => {
  const changes = source();
  const { emit } = changes;
  const values = watchLatest({ current: () => 0, source: changes, signal: undefined });
  expect(await values.next()).toEqual({ done: false, value: 0 });
  emit(1);
  emit(2);
  expect(await values.next()).toEqual({ done: false, value: 2 });
});

test('each change arrives, in order, also while the reader is busy', async () => {
  const changes = source();
  const { emit } = changes;
  const values = watchEach({ source: changes, signal: undefined });
  const first = values.next();
  for (const value of [1, 2, 3]) emit(value);
  expect([(await first).value, (await values.next()).value, (await values.next()).value]).toEqual([1, 2, 3]);
});

test('an abort ends a waiting reader and the listener', async () => {
  const changes = source();
  const { listeners } = changes;
  const abort = new AbortController();
  const values = watchEach({ source: changes, signal: abort.signal });
  const waiting = values.next();
  expect(listeners.size).toBe(1);
  abort.abort();
  expect(await waiting).toEqual({ done: true, value: undefined });
  expect(listeners.size).toBe(0);
});

test('leaving the loop ends the listener', async () => {
  const changes = source();
  const { listeners } = changes;
  for await (const value of watchLatest({ current: () => 7, source: changes, signal: undefined })) {
    expect(value).toBe(7);
    break;
  }
  expect(listeners.size).toBe(0);
});
