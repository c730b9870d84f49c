// While the built-in engine reads a prompt: what its process tells, and what becomes of that.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Progress, watchProgress } from '../../../src/main/backends/llamacpp/progress.ts';
import { createReadingTeller } from '../../../src/main/backends/llamacpp/reading.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A sequence that goes on from 100 tokens in memory, in a process whose time on the processor is told. */
function begin() {
  const sequence = { nextTokenIndex: 100, tokenMeter: { usedInputTokens: 7, usedOutputTokens: 0 } };
  const told: Progress[] = [];
  const computer = { cpuMs: 0 };
  const onProgress = (progress: Progress) => void told.push(progress);
  const end = watchProgress({ sequence, promptTokens: 2_100, onProgress, cpuMs: () => computer.cpuMs });
  return { sequence, told, computer, end };
}

test('a batch counts as read when the next one begins, on top of what was kept', () => {
  const { sequence, told, end } = begin();
  sequence.tokenMeter.usedInputTokens += 500;
  vi.advanceTimersByTime(500);
  sequence.tokenMeter.usedInputTokens += 500;
  vi.advanceTimersByTime(500);
  expect(told).toEqual([
    { keptTokens: 100, readTokens: 100, promptTokens: 2_100 },
    { keptTokens: 100, readTokens: 600, promptTokens: 2_100 },
  ]);
  end();
  sequence.tokenMeter.usedInputTokens += 500;
  vi.advanceTimersByTime(5_000);
  expect(told).toHaveLength(2);
});

test('a batch that takes long is told by the time on the processor; what takes none is silent', () => {
  const { told, computer, end } = begin();
  for (let halfSecond = 0; halfSecond < 20; halfSecond += 1) {
    computer.cpuMs += 400;
    vi.advanceTimersByTime(500);
  }
  expect(told).toHaveLength(20);
  // What the timer takes itself.
  for (let halfSecond = 0; halfSecond < 40; halfSecond += 1) {
    computer.cpuMs += 1;
    vi.advanceTimersByTime(500);
  }
  expect(told).toHaveLength(20);
  end();
});

const of = (readTokens: number): Progress => ({ keptTokens: 100, readTokens, promptTokens: 2_100 });

test('the whole is expected by the share that was read anew, and told when there is news', () => {
  const tell = createReadingTeller('tiny', 10_000);
  const known = { type: 'reading', model: 'tiny', tokens: 2_100, isLate: false, behind: null };
  expect(tell(of(100), 500)).toEqual({ ...known, readTokens: 100, expectedMs: null });
  expect(tell(of(100), 1_000)).toBeNull();
  expect(tell(of(600), 5_000)).toEqual({ ...known, readTokens: 600, expectedMs: 20_000 });
  expect(tell(of(600), 6_000)).toBeNull();
  expect(tell(of(1_100), 15_000)).toEqual({ ...known, readTokens: 1_100, expectedMs: 30_000 });
});

test('while the first batch is read nothing is known of the share', () => {
  const nothing = { keptTokens: 0, readTokens: 0, promptTokens: 2_100 };
  const told = createReadingTeller('tiny', 10_000)(nothing, 500);
  expect(told).toMatchObject({ tokens: 2_100, readTokens: null, expectedMs: null, isLate: false });
});

test('it is late after the limit where nothing is known, else well after what was expected first', () => {
  const silent = createReadingTeller('tiny', 10_000);
  silent(of(100), 500);
  expect(silent(of(100), 9_900)).toBeNull();
  expect(silent(of(100), 10_100)).toMatchObject({ isLate: true, expectedMs: null });
  expect(silent(of(100), 11_000)).toBeNull();

  const slower = createReadingTeller('tiny', 10_000);
  slower(of(600), 5_000);
  expect(slower(of(1_100), 29_000)).toMatchObject({ isLate: false });
  expect(slower(of(1_600), 30_500)).toMatchObject({ isLate: true });
});
