// What is live pulses by one timer, and only as long as something is live.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-react';
import { Dot } from '../../../src/renderer/ui/index.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const beat = () => document.documentElement.dataset.beat;

test('two live dots share one beat, which ends with the last of them', async () => {
  const { rerender } = await render(
    <>
      <Dot tone="live" />
      <Dot tone="live" />
    </>,
  );
  expect(beat()).toBeUndefined();
  const seen = [0, 1, 2, 3].map(() => {
    vi.advanceTimersByTime(800);
    return beat();
  });
  expect(seen).toEqual(['low', 'high', 'low', 'high']);
  expect(vi.getTimerCount()).toBe(1);
  await rerender(<Dot tone="live" />);
  expect(vi.getTimerCount()).toBe(1);
  await rerender(<Dot tone="ok" />);
  expect(vi.getTimerCount()).toBe(0);
  expect(beat()).toBeUndefined();
});
