// How many threads an answer is computed with.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';

/**
 * The threads for a setting: the number itself, and for 0 all physical cores but one.
 * The one left is for the engine's own JavaScript and the window: the computing threads wait for each other by spinning,
 * so with every core taken each token waits for the scheduler (2 threads on 2 cores: 9 to 18 times slower than 1).
 */
export function threadsFor(setting: number, cores: number): number {
  return setting > 0 ? setting : Math.max(1, cores - 1);
}

/** Physical cores that this process may use, at least 1. Hyperthreads share a core's arithmetic and do not count. */
export function physicalCores(
  platform: NodeJS.Platform = process.platform,
  linuxCpuFolder = '/sys/devices/system/cpu',
): number {
  const counted = platform === 'linux' ? linuxCores(linuxCpuFolder) : platform === 'darwin' ? macCores() : null;
  const cores = counted ?? Math.ceil(cpus().length / 2);
  return Math.max(1, Math.min(cores, availableParallelism()));
}

/** Threads of one core name the same siblings. Null where the kernel does not tell. */
function linuxCores(folder: string): number | null {
  try {
    const cores = new Set<string>();
    for (const name of readdirSync(folder)) {
      if (!/^cpu\d+$/.test(name)) continue;
      cores.add(readFileSync(join(folder, name, 'topology', 'thread_siblings_list'), 'utf8').trim());
    }
    return cores.size === 0 ? null : cores.size;
  } catch {
    // Some containers hide this folder; the guess by hyperthreads stands in.
    return null;
  }
}

/** The fast cores of Apple Silicon, all cores of an Intel Mac. */
function macCores(): number | null {
  for (const name of ['hw.perflevel0.physicalcpu', 'hw.physicalcpu']) {
    try {
      const told = execFileSync('/usr/sbin/sysctl', ['-n', name], {
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 2_000,
      });
      const cores = Number(told.toString());
      if (Number.isInteger(cores) && cores > 0) return cores;
    } catch {
      // Intel Macs do not know the first name.
    }
  }
  return null;
}
