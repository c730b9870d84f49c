import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateWaits, nextMean } from '../../../src/main/queue/estimate.ts';

const ran = (...each: number[]) => each.map((ranForMs) => ({ ranForMs, leftMs: null }));

describe('nextMean', () => {
  it('starts with the first duration and moves towards newer ones', () => {
    expect(nextMean(null, 400)).toBe(400);
    expect(nextMean(400, 1_400)).toBeCloseTo(700);
  });

  it('forgets: after ten equal durations little of the old mean is left', () => {
    let mean = 100_000;
    for (let i = 0; i < 10; i++) mean = nextMean(mean, 1_000);
    expect(mean).toBeLessThan(4_000);
  });
});

describe('estimateWaits', () => {
  it('knows nothing before a job of the lane has ended', () => {
    expect(estimateWaits({ meanMs: null, running: ran(5), slots: 1 })(1)).toEqual({
      etaMs: null,
      thenMs: 0,
      isLate: false,
    });
  });

  it('adds what the running job has left and a mean for each one ahead', () => {
    const waitOf = estimateWaits({ meanMs: 1_000, running: ran(400), slots: 1 });
    expect([1, 2, 3].map((position) => waitOf(position).etaMs)).toEqual([600, 1_600, 2_600]);
  });

  it('counts an overdue job as about to end, and says that it is late', () => {
    const waitOf = estimateWaits({ meanMs: 1_000, running: ran(9_000), slots: 1 });
    expect([waitOf(1), waitOf(2)]).toEqual([
      { etaMs: 0, thenMs: 0, isLate: true },
      { etaMs: 1_000, thenMs: 1_000, isLate: true },
    ]);
    expect(estimateWaits({ meanMs: 1_000, running: ran(999), slots: 1 })(1).isLate).toBe(false);
  });

  it('believes a job that says it takes longer, also before any has ended', () => {
    const running = [{ ranForMs: 9_000, leftMs: 30_000 }];
    expect(estimateWaits({ meanMs: 1_000, running, slots: 1 })(2)).toEqual({
      etaMs: 31_000,
      thenMs: 1_000,
      isLate: false,
    });
    const waitOf = estimateWaits({ meanMs: null, running, slots: 1 });
    expect([waitOf(1).etaMs, waitOf(2).etaMs]).toEqual([30_000, null]);
    expect(estimateWaits({ meanMs: null, running: [{ ranForMs: 1, leftMs: -5 }], slots: 1 })(1)).toEqual({
      etaMs: 0,
      thenMs: 0,
      isLate: true,
    });
  });

  it('shares the line among the slots', () => {
    const waitOf = estimateWaits({ meanMs: 1_000, running: ran(400, 900), slots: 2 });
    expect([1, 2, 3, 4].map((position) => waitOf(position).etaMs)).toEqual([100, 600, 1_100, 1_600]);
  });

  it('waits for the surplus to end first after the slots were lowered', () => {
    expect(estimateWaits({ meanMs: 1_000, running: ran(100, 200, 300), slots: 1 })(1).etaMs).toBe(900);
  });

  it('equals a simulation in which every job lasts the mean', () => {
    const load = fc.record({
      meanMs: fc.integer({ min: 1, max: 5_000 }),
      ranForMs: fc.array(fc.integer({ min: 0, max: 6_000 }), { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(load, fc.integer({ min: 1, max: 30 }), ({ meanMs, ranForMs }, position) => {
        const slots = ranForMs.length;
        const freeAtMs = ranForMs.map((ranMs) => Math.max(0, meanMs - ranMs));
        let startsAtMs = 0;
        for (let place = 1; place <= position; place++) {
          freeAtMs.sort((a, b) => a - b);
          startsAtMs = freeAtMs[0] ?? 0;
          freeAtMs[0] = startsAtMs + meanMs;
        }
        expect(estimateWaits({ meanMs, running: ran(...ranForMs), slots })(position).etaMs).toBe(startsAtMs);
      }),
    );
  });
});
