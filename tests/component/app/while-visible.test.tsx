import { afterEach, expect, test, vi } from 'vitest';
import { whileVisible } from '../../../src/renderer/lib/index.ts';

afterEach(() => vi.restoreAllMocks());

function show(state: DocumentVisibilityState): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
}

test('what only matters in sight ends when the page is hidden, and begins anew when it is shown', async () => {
  const signals: AbortSignal[] = [];
  const life = new AbortController();
  show('hidden');
  const done = whileVisible(async (signal) => {
    signals.push(signal);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }, life.signal);
  expect(signals).toEqual([]);
  show('visible');
  await vi.waitFor(() => expect(signals).toHaveLength(1));
  show('hidden');
  await vi.waitFor(() => expect(signals[0]?.aborted).toBe(true));
  show('visible');
  await vi.waitFor(() => expect(signals).toHaveLength(2));
  expect(signals[1]?.aborted).toBe(false);
  life.abort();
  await done;
  expect(signals[1]?.aborted).toBe(true);
  expect(signals).toHaveLength(2);
});
