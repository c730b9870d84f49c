// A reporter for vitest: which tests passed only on their second try, written for the count that closes `npm test`.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Writes the names as a JSON list to the file that HEARTH_SECOND_TRIES names. */
export default class SecondTries {
  names = [];

  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky) this.names.push(test.fullName);
  }

  onTestRunEnd() {
    const file = process.env.HEARTH_SECOND_TRIES;
    if (!file) return;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(this.names));
  }
}
