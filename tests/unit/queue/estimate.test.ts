import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateWaits, nextMean } from '../../../src/main/queue/estimate.ts';

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
    expect(estimateWaits({ meanMs: null, ranForMs: [5], slots: 1 })(1)).toBeNull();
  });

  it('adds what the running job has left and a mean for each one ahead', () => {
    const waitOf = estimateWaits({ meanMs: 1_000, ranForMs: [400], slots: 1 });
    expect([1, 2, 3].map(waitOf)).toEqual([600, 1_600, 2_600]);
  });

  it('counts an overdue job as about to end', () => {
    expect(estimateWaits({ meanMs: 1_000, ranForMs: [9_000], slots: 1 })(1)).toBe(0);
  });

  it('shares the line among the slots', () => {
    const waitOf = estimateWaits({ meanMs: 1_000, ranForMs: [400, 900], slots: 2 });
    expect([1, 2, 3, 4].map(waitOf)).toEqual([100, 600, 1_100, 1_600]);
  });

  it('waits for the surplus to end first after the slots were lowered', () => {
    expect(estimateWaits({ meanMs: 1_000, ranForMs: [100, 200, 300], slots: 1 })(1)).toBe(900);
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
        expect(estimateWaits({ meanMs, ranForMs, slots })(position)).toBe(startsAtMs);
      }),
    );
  });
});
