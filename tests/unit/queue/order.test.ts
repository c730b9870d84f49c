import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HANDICAP_MS, insertByKey, queueKey } from '../../../src/main/queue/order.ts';

describe('queueKey', () => {
  it('lets a person pass a batch job that came shortly before', () => {
    expect(queueKey(59_999, 'interactive')).toBeLessThan(queueKey(0, 'batch'));
  });

  it('lets a batch job that has waited out its handicap keep its place', () => {
    expect(queueKey(HANDICAP_MS.batch + 1, 'interactive')).toBeGreaterThan(queueKey(0, 'batch'));
  });

  it('ranks the classes of jobs that arrive together', () => {
    const keys = [queueKey(5, 'interactive'), queueKey(5, 'gateway'), queueKey(5, 'batch')];
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    expect(new Set(keys).size).toBe(3);
  });
});

describe('insertByKey', () => {
  it('keeps the line sorted, equal keys in order of arrival, and tells the index', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (keys) => {
        const line: { key: number; arrival: number }[] = [];
        for (const [arrival, key] of keys.entries()) {
          const entry = { key, arrival };
          expect(line[insertByKey(line, entry)]).toBe(entry);
        }
        expect(line).toEqual(line.toSorted((a, b) => a.key - b.key || a.arrival - b.arrival));
        expect(line).toHaveLength(keys.length);
      }),
    );
  });
});
