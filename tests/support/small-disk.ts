// A disk of a few hundred kilobytes that can really be full or read-only; only root may mount one.
import { spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './storage.ts';

export const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mountOnce();

/** An empty file system in memory, gone when the test ends. */
export function smallDisk(sizeKb: number): { folder: string; makeReadOnly(): void } {
  const folder = temporaryFolder();
  run('mount', '-t', 'tmpfs', '-o', `size=${sizeKb}k`, 'hearth-test', folder);
  onTestFinished(() => run('umount', folder));
  return { folder, makeReadOnly: () => run('mount', '-o', 'remount,ro', folder) };
}

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
}

/** Root in a container may still not mount. A mount namespace of its own leaves no trace of the attempt. */
function mountOnce(): boolean {
  return spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'hearth-test', '/mnt']).status === 0;
}
