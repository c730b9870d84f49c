// End-to-end tests: the real Electron, used as a person would; see tests/README.md.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.test.ts',
  outputDir: 'test-results/e2e',
  // Windows, ports and two cores: one test at a time.
  workers: 1,
  fullyParallel: false,
  // In CI a second try, told as flaky: one busy moment among thousands of tests is no reason to refuse a change.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  // Two cores may be busy with other things: a condition is waited for, never a moment.
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
});
