// Reads how many tests passed from what the test runners wrote.
import { existsSync, readFileSync } from 'node:fs';

/**
 * `secondTry`: how many of those that passed did so only on their second try.
 * @typedef {{ passed: number, failed: number, skipped: number, secondTry?: number }} Counts
 */

/**
 * Counts of a vitest run. A run that failed without a failed test (a file that does not load, an error between tests,
 * no report at all) counts as one failed: nothing may fail silently.
 * @param {string} file what the json reporter wrote
 * @param {number} code the runner's exit code
 * @param {string} [secondTries] what second-tries.mjs wrote
 * @returns {Counts}
 */
export function vitestCounts(file, code, secondTries) {
  const report = readReport(file);
  return honest(
    {
      passed: report?.numPassedTests ?? 0,
      failed: report?.numFailedTests ?? 0,
      skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
      ...onSecondTry(secondTries === undefined ? 0 : (readReport(secondTries)?.length ?? 0)),
    },
    code,
  );
}

/** The same for Playwright. A test that passed on its second try (only CI gives one) has passed, and is counted by itself. */
export function playwrightCounts(file, code) {
  const stats = readReport(file)?.stats;
  return honest(
    {
      passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
      failed: stats?.unexpected ?? 0,
      skipped: stats?.skipped ?? 0,
      ...onSecondTry(stats?.flaky ?? 0),
    },
    code,
  );
}

/** The sum of several counts. */
export function total(counts) {
  return counts.reduce(
    (sum, { passed, failed, skipped, secondTry = 0 }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
      ...onSecondTry((sum.secondTry ?? 0) + secondTry),
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The line that ends `npm test`. */
export function closingLine({ passed, failed, skipped, secondTry = 0 }) {
  const more = [
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    // A fault to be found, in the test or in what it tests: never silent.
    ...(secondTry > 0 ? [`${secondTry} only on a second try`] : []),
  ];
  return [`${passed} passed, ${failed} failed`, ...more].join(', ');
}

function onSecondTry(count) {
  return count > 0 ? { secondTry: count } : {};
}

function honest(counts, code) {
  const hasRun = counts.passed + counts.failed > 0;
  return counts.failed === 0 && (code !== 0 || !hasRun) ? { ...counts, failed: 1 } : counts;
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}
