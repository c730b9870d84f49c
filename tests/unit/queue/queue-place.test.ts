import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueuePlace } from '../../../src/contract/chat.ts';
import { placeAfter } from '../../../src/contract/queue-place.ts';

const third: QueuePlace = { position: 3, etaMs: 5_000, thenMs: 4_000, running: 1 };

describe('a place as time passes', () => {
  it('counts down while what runs is expected to run', () => {
    expect(placeAfter(third, 400)).toEqual({ ...third, etaMs: 4_600 });
    expect(placeAfter(third, 1_000)).toEqual({ ...third, etaMs: 4_000 });
  });

  it('is late, and no shorter than what those ahead take, once what runs takes longer', () => {
    expect(placeAfter(third, 1_001)).toEqual({ ...third, etaMs: 4_000, isLate: true });
    expect(placeAfter(third, 60_000)).toEqual({ ...third, etaMs: 4_000, isLate: true });
    expect(placeAfter({ position: 1, etaMs: 900, running: 1 }, 901)).toMatchObject({ etaMs: 0, isLate: true });
  });

  it('says nothing where nothing was known, and stays late where it was told so', () => {
    expect(placeAfter({ position: 1, etaMs: null, running: 1 }, 9_000)).toEqual({
      position: 1,
      etaMs: null,
      running: 1,
    });
    expect(placeAfter({ position: 1, etaMs: 30, running: 1, isLate: true }, 1).isLate).toBe(true);
  });

  it('counts up what it waits for', () => {
    const behind = { client: 'window', ranForMs: 2_000 };
    expect(placeAfter({ ...third, behind }, 3_000).behind).toEqual({ client: 'window', ranForMs: 5_000 });
  });

  it('never promises less than what those ahead take, and never more than was told', () => {
    const ms = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(ms, ms, ms, (leftMs, thenMs, passedMs) => {
        const { etaMs } = placeAfter({ position: 2, etaMs: leftMs + thenMs, thenMs, running: 1 }, passedMs);
        expect(etaMs).toBeGreaterThanOrEqual(thenMs);
        expect(etaMs).toBeLessThanOrEqual(leftMs + thenMs);
      }),
    );
  });
});
