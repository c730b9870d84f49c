import { resolve } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { isShort, requireRoom, watchMemory } from '../../../src/main/backends/llamacpp/memory.ts';
import { leastNeedOf } from '../../../src/main/models/index.ts';
import { scriptedTime } from '../../support/scripted-time.ts';

const GIB = 2 ** 30;
const WATCH_MS = 30_000;
const { signal } = new AbortController();
const file = { path: '/models/big.gguf', name: 'big', sizeBytes: 1, modifiedAtMs: 1 };
const free = (availableBytes: number) => () => Promise.resolve({ totalBytes: 16 * GIB, availableBytes });
const needOf = () => Promise.resolve(4 * GIB);

test.each([
  [16, 0.9, false],
  [16, 0.7, true],
  [4, 0.6, false],
  [4, 0.4, true],
  [256, 2.1, false],
  [256, 1.9, true],
])('of %d GiB with %d free is memory short: %s', (total, available, expected) => {
  expect(isShort({ totalBytes: total * GIB, availableBytes: available * GIB })).toBe(expected);
});

describe('room for a model', () => {
  test('that is there needs nobody to go', async () => {
    const makeRoom = vi.fn(() => Promise.resolve());
    await requireRoom(file, { memory: free(4 * GIB), needOf, makeRoom, signal });
    expect(makeRoom).not.toHaveBeenCalled();
  });

  test('comes from the model before it where there is too little', async () => {
    let availableBytes = 2 * GIB;
    const memory = () => Promise.resolve({ totalBytes: 8 * GIB, availableBytes });
    const makeRoom = () => {
      availableBytes = 5 * GIB;
      return Promise.resolve();
    };
    await expect(requireRoom(file, { memory, needOf, makeRoom, signal })).resolves.toBeUndefined();
  });

  test('that is not there even then is refused with the numbers', async () => {
    const makeRoom = () => Promise.resolve();
    await expect(requireRoom(file, { memory: free(2 * GIB), needOf, makeRoom, signal })).rejects.toMatchObject({
      code: 'memory_short',
      params: { model: 'big', needed: '4.3 GB', free: '2.2 GB' },
    });
  });

  test('is not asked for where the need is unknown', async () => {
    const nobody = () => Promise.resolve(null);
    const makeRoom = () => Promise.reject(new Error('not needed'));
    await requireRoom(file, { memory: free(0), needOf: nobody, makeRoom, signal });
  });
});

test('the least need of a file is its weights and the cache of a short context', async () => {
  const path = resolve('tests/fixtures/tiny.gguf');
  const need = await leastNeedOf(path, signal);
  expect(need).toBeGreaterThan(465_000);
  expect(need).toBeLessThan(20_000_000);
  expect(await leastNeedOf('/nowhere.gguf', signal)).toBeNull();
});

test('memory is looked at every half minute while it is watched, and not otherwise', async () => {
  const time = scriptedTime();
  let availableBytes = 8 * GIB;
  const memory = vi.fn(() => Promise.resolve({ totalBytes: 16 * GIB, availableBytes }));
  const onShort = vi.fn<() => void>();
  const watch = watchMemory({ memory, onShort, after: time.after });
  expect(time.waiting()).toEqual([]);
  watch.start();
  watch.start();
  expect(time.ring(WATCH_MS)).toBe(1);
  await vi.waitFor(() => expect(time.waiting()).toEqual([WATCH_MS]));
  expect(onShort).not.toHaveBeenCalled();
  availableBytes = 0;
  time.ring(WATCH_MS);
  await vi.waitFor(() => expect(onShort).toHaveBeenCalledOnce());
  await vi.waitFor(() => expect(time.waiting()).toEqual([WATCH_MS]));
  // A look that ends after the watch says nothing, and begins no other.
  time.ring(WATCH_MS);
  watch.stop();
  await vi.waitFor(() => expect(memory).toHaveBeenCalledTimes(3));
  await Promise.resolve();
  expect(onShort).toHaveBeenCalledOnce();
  expect(time.waiting()).toEqual([]);
});
