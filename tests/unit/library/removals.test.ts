// A deletion is told as under way from its announcement to its end, without a moment in between.
import { expect, test, vi } from 'vitest';
import { createRemovals } from '../../../src/main/models/library/removals.ts';

test('one that begins is told as under way also by what it does first', async () => {
  const seen: number[] = [];
  const removals = createRemovals({
    delayMs: 0,
    now: () => 0,
    isSame: (a, b) => a.name === b.name,
    onChange: () => seen.push(removals.list().length),
  });
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  removals.announce({ name: 'tiny', engine: 'ollama' }, () => {
    seen.push(removals.list().length);
    return ended;
  });
  await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(3));
  expect(new Set(seen)).toEqual(new Set([1]));
  end();
  await vi.waitFor(() => expect(seen.at(-1)).toBe(0));
});
