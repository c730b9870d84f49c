// How much main memory there is, and how much of it a model could take.
import os from 'node:os';
import type { RunProgram } from './run-program.ts';

export interface Memory {
  totalBytes: number;
  /** What programs can get without anything being swapped out: free memory and what the system would give up. */
  availableBytes: number;
}

/** Never rejects: where the system tells nothing better it is what Node knows. */
export async function readMemory(platform: NodeJS.Platform, run: RunProgram): Promise<Memory> {
  const known = { totalBytes: os.totalmem(), availableBytes: os.freemem() };
  // Node's number for Windows and, as MemAvailable, for Linux counts what caches would give up; for macOS it does not.
  if (platform === 'darwin') return macMemory((await run('/usr/bin/vm_stat', [])) ?? '', known);
  return platform === 'linux' ? withinLimit(known) : known;
}

/** A container may have less than the machine. 0 or a huge number means no limit. */
function withinLimit(known: Memory): Memory {
  const limit = process.constrainedMemory();
  if (!(limit > 0 && limit < known.totalBytes)) return known;
  return { totalBytes: limit, availableBytes: Math.min(known.availableBytes, process.availableMemory()) };
}

/** @param vmStat what `vm_stat` prints: pages that are free, or that macOS takes back without writing them anywhere */
export function macMemory(vmStat: string, known: Memory): Memory {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(vmStat)?.[1] ?? Number.NaN);
  const pages = (name: string) => Number(new RegExp(`^Pages ${name}:\\s+(\\d+)\\.?$`, 'm').exec(vmStat)?.[1] ?? 0);
  const availableBytes = (pages('free') + pages('inactive') + pages('speculative') + pages('purgeable')) * pageBytes;
  if (!(availableBytes > 0)) return known;
  return { ...known, availableBytes: Math.min(availableBytes, known.totalBytes) };
}
