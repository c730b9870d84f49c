// The bar of a download: true while nothing surprising happens, never backwards whatever happens, full only at the end.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { BYTES_SHARE, createProgress, type Progress } from '../../../src/main/models/downloads/progress.ts';

const layer = (digest: string, total: number, completed: number) => ({
  type: 'layer' as const,
  digest,
  total,
  completed,
});

it('is bytes over total, but for the last hundredth, while one file comes', () => {
  const progress = createProgress();
  progress.beginAttempt();
  expect([progress.share(), progress.totalBytes(), progress.completedBytes()]).toEqual([0, null, 0]);
  for (const completed of [0, 100, 100, 250, 900, 1_000]) {
    progress.take(layer('a', 1_000, completed));
    expect(progress.share()).toBeCloseTo((completed / 1_000) * BYTES_SHARE, 10);
    expect([progress.totalBytes(), progress.completedBytes()]).toEqual([1_000, completed]);
  }
  progress.finish();
  expect(progress.share()).toBe(1);
});

it('goes on from where it is when a file that nobody knew of enlarges the total', () => {
  const progress = createProgress();
  progress.take(layer('a', 1_000, 500));
  const before = progress.share();
  progress.take(layer('b', 9_000, 0));
  expect(progress.share()).toBe(before);
  expect([progress.totalBytes(), progress.completedBytes()]).toEqual([10_000, 500]);
  progress.take(layer('a', 1_000, 1_000));
  expect(progress.share()).toBeGreaterThan(before);
  progress.take(layer('b', 9_000, 9_000));
  expect(progress.share()).toBeCloseTo(BYTES_SHARE, 10);
});

it('stays where it is when a file begins anew, and still arrives at the end', () => {
  const progress = createProgress();
  progress.take(layer('a', 1_000, 800));
  const before = progress.share();
  progress.beginAttempt();
  progress.take(layer('a', 1_000, 0));
  expect(progress.share()).toBe(before);
  expect(progress.completedBytes()).toBe(0);
  progress.take(layer('a', 1_000, 1_000));
  expect(progress.share()).toBeCloseTo(BYTES_SHARE, 10);
});

it('is the bytes again after a pause, however the server counts up to where it was', () => {
  const before = createProgress();
  before.beginAttempt();
  for (const completed of [0, 300, 600]) before.take(layer('a', 1_000, completed));
  const after = createProgress({ layers: before.layers(), share: before.share() });
  for (const resumed of [before, after]) {
    resumed.beginAttempt();
    for (const completed of [0, 200, 600]) resumed.take(layer('a', 1_000, completed));
    expect(resumed.share()).toBeCloseTo(0.6 * BYTES_SHARE, 10);
    resumed.take(layer('a', 1_000, 800));
    expect(resumed.share()).toBeCloseTo(0.8 * BYTES_SHARE, 10);
  }
});

it('tells bytes that arrive from bytes that were here before', () => {
  const progress = createProgress();
  progress.beginAttempt();
  expect(progress.take(layer('a', 100, 40))).toEqual({ arrivedBytes: 0, newBytes: 0, isNewLayer: true });
  expect(progress.take(layer('a', 100, 50))).toEqual({ arrivedBytes: 10, newBytes: 10, isNewLayer: false });
  expect(progress.take(layer('a', 100, 50))).toEqual({ arrivedBytes: 0, newBytes: 0, isNewLayer: false });
  progress.beginAttempt();
  expect(progress.take(layer('a', 100, 50))).toEqual({ arrivedBytes: 0, newBytes: 0, isNewLayer: true });
  expect(progress.take(layer('a', 100, 60))).toEqual({ arrivedBytes: 10, newBytes: 10, isNewLayer: false });
});

it('counts no file at the end that the last attempt did not name', () => {
  const progress = createProgress();
  progress.beginAttempt();
  progress.take(layer('replaced', 5_000, 2_000));
  progress.beginAttempt();
  progress.take(layer('newer', 6_000, 6_000));
  progress.finish();
  expect([progress.share(), progress.totalBytes(), progress.completedBytes()]).toEqual([1, 6_000, 6_000]);
});

it('is full at the end also when every file was too fast to be told', () => {
  const progress = createProgress();
  progress.finish();
  expect([progress.share(), progress.totalBytes()]).toEqual([1, null]);
});

type Event =
  | { do: 'record'; digest: string; total: number; completed: number }
  | { do: 'attempt' }
  /** Hearth ends and starts again. */
  | { do: 'restart' };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('record' as const),
      digest: fc.constantFrom('a', 'b', 'c', 'd'),
      total: fc.oneof(fc.nat(2_000), fc.nat(1_000_000_000_000_000)),
      completed: fc.oneof(fc.nat(2_000), fc.nat(1_000_000_000_000_000)),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'attempt' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
);

it('never goes backwards over any records, attempts and restarts, and is full only after success', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      let progress: Progress = createProgress();
      let last = 0;
      for (const one of events) {
        if (one.do === 'attempt') progress.beginAttempt();
        else if (one.do === 'restart')
          progress = createProgress({ layers: progress.layers(), share: progress.share() });
        else progress.take(layer(one.digest, one.total, Math.min(one.completed, one.total)));
        expect(progress.share()).toBeGreaterThanOrEqual(last);
        expect(progress.share()).toBeLessThan(1);
        expect(progress.completedBytes()).toBeLessThanOrEqual(progress.totalBytes() ?? 0);
        last = progress.share();
      }
      progress.finish();
      expect(progress.share()).toBe(1);
      expect(progress.completedBytes()).toBe(progress.totalBytes() ?? 0);
    }),
    { numRuns: 500 },
  );
});

it('comes to the end of its part with the last byte, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 100 }), (events) => {
      const progress = createProgress();
      for (const one of events) {
        if (one.do === 'attempt') progress.beginAttempt();
        if (one.do === 'record') progress.take(layer(one.digest, one.total, Math.min(one.completed, one.total)));
      }
      fc.pre((progress.totalBytes() ?? 0) > 0);
      const missing = progress.layers().filter(({ total, completed }) => completed < total);
      fc.pre(missing.length > 0);
      for (const { digest, total } of missing) progress.take(layer(digest, total, total));
      expect(progress.share()).toBeCloseTo(BYTES_SHARE, 6);
    }),
    { numRuns: 300 },
  );
});
