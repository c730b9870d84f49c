// Whether processes live, as a test may ask without being their parent.
import { readdirSync, readFileSync } from 'node:fs';
import { vi } from 'vitest';

/** A process that has ended and waits to be collected counts as gone: not every container's first process collects. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    // No such process.
    return false;
  }
  if (process.platform !== 'linux') return true;
  const stat = statOf(pid);
  return stat !== null && stat.state !== 'Z' && stat.state !== 'X';
}

/** The living processes of a group; Linux. */
export function membersOfGroup(group: number): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.filter((pid) => statOf(pid)?.group === group && isAlive(pid));
}

/** All that a process has started, and what those have, and so on; Linux. Only while their parents live. */
export function descendantsOf(pid: number): number[] {
  const running = readdirSync('/proc').map(Number).filter(Number.isInteger);
  const children = running.filter((one) => statOf(one)?.parent === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** The process that has started this one; Linux. Throws when it has ended. */
export function parentOf(pid: number): number {
  const stat = statOf(pid);
  if (stat === null) throw new Error(`there is no process ${pid}`);
  return stat.parent;
}

function statOf(pid: number): { state: string; parent: number; group: number } | null {
  try {
    // `pid (name) state parent group …`, and the name may hold anything.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent), group: Number(group) };
  } catch {
    // Ended in between.
    return null;
  }
}

/** Waits until all of them are gone; fails with those that are left. */
export async function untilGone(pids: readonly number[], timeoutMs = 8_000): Promise<void> {
  await vi.waitFor(
    () => {
      const left = pids.filter(isAlive);
      if (left.length > 0) throw new Error(`still alive: ${left.join(', ')}`);
    },
    { timeout: timeoutMs, interval: 20 },
  );
}

/** For the end of a test: nothing of it stays, whatever failed. Only for processes that the test has started. */
export function killLeft(pids: readonly number[]): void {
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
}
