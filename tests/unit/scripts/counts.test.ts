// The counts that close `npm test`: nothing may fail without being counted.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { closingLine, playwrightCounts, total, vitestCounts } from '../../../scripts/lib/counts.mjs';
import { scratchFolder } from './support.ts';

const good = { numPassedTests: 5, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1 };

describe('vitest', () => {
  it('is counted from its report', () => {
    expect(vitestCounts(report(good), 0)).toEqual({ passed: 5, failed: 0, skipped: 2 });
    expect(vitestCounts(report({ ...good, numFailedTests: 3 }), 1)).toEqual({ passed: 5, failed: 3, skipped: 2 });
  });

  it('has failed when only its exit code says so', () => {
    expect(vitestCounts(report(good), 1).failed).toBe(1);
  });

  it('says how many needed a second try', () => {
    expect(vitestCounts(report(good), 0, report(['a > b'], 'second-tries.json'))).toMatchObject({
      passed: 5,
      secondTry: 1,
    });
    expect(vitestCounts(report(good), 0, report([], 'second-tries.json'))).not.toHaveProperty('secondTry');
  });

  it('has failed without a report, and without a test', () => {
    expect(vitestCounts(path.join(scratchFolder(), 'none.json'), 0).failed).toBe(1);
    expect(vitestCounts(report({ numPassedTests: 0, numFailedTests: 0 }), 0).failed).toBe(1);
  });
});

describe('playwright', () => {
  it('is counted from its report, with a test that needed a second try as passed, and named', () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 };
    expect(playwrightCounts(report({ stats }), 1)).toEqual({ passed: 5, failed: 1, skipped: 2, secondTry: 1 });
  });

  it('has failed when only its exit code says so', () => {
    expect(playwrightCounts(report({ stats: { expected: 4, unexpected: 0, flaky: 0, skipped: 0 } }), 1).failed).toBe(1);
  });
});

describe('the closing line', () => {
  it('sums the parts and names skipped tests only when there are some', () => {
    const parts = [
      { passed: 2, failed: 0, skipped: 0 },
      { passed: 3, failed: 1, skipped: 0 },
    ];
    expect(closingLine(total(parts))).toBe('5 passed, 1 failed');
    expect(closingLine(total([...parts, { passed: 0, failed: 0, skipped: 4 }]))).toBe('5 passed, 1 failed, 4 skipped');
  });

  it('never hides a second try', () => {
    const parts = [
      { passed: 2, failed: 0, skipped: 0, secondTry: 1 },
      { passed: 3, failed: 0, skipped: 1 },
    ];
    expect(closingLine(total(parts))).toBe('5 passed, 0 failed, 1 skipped, 1 only on a second try');
  });
});

function report(content: object, name = 'report.json'): string {
  const file = path.join(scratchFolder(), name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}
