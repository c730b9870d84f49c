// Half a minute at once, for what Hearth does every half minute. What was not begun, or has been ended, does not happen.
import path from 'node:path';
import type { ElectronApplication } from '@playwright/test';

/** For the command line that Hearth is started with. */
export const halfMinutes = ['-r', path.join(import.meta.dirname, 'half-minutes.cjs')];

export function passHalfMinute(app: ElectronApplication): Promise<void> {
  return app.evaluate(() => (globalThis as unknown as { passHalfMinute(): void }).passHalfMinute());
}
