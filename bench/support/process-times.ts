// CPU time of a process and all that it started, by kind, as the kernel counts it. Linux alone tells this for other processes.
import { readdirSync, readFileSync } from 'node:fs';

/** Of USER_HZ, which is 100 on every Linux in use. */
const TICKS_PER_SECOND = 100;

/** Seconds of CPU time so far, by kind of process: `main`, `renderer`, `gpu`, `engine`, `other`. */
export type CpuSeconds = Record<string, number>;

export function cpuSecondsBelow(pid: number): CpuSeconds {
  const seconds: CpuSeconds = {};
  for (const { id, ticks } of familyOf(pid)) {
    const kind = id === pid ? 'main' : kindOf(id);
    seconds[kind] = (seconds[kind] ?? 0) + ticks / TICKS_PER_SECOND;
  }
  return seconds;
}

/** What was used between two readings. */
export function used(before: CpuSeconds, after: CpuSeconds): CpuSeconds {
  return Object.fromEntries(Object.entries(after).map(([kind, now]) => [kind, now - (before[kind] ?? 0)]));
}

interface Member {
  id: number;
  parent: number;
  ticks: number;
}

function familyOf(pid: number): Member[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const family = all.filter(({ id }) => id === pid);
  for (let at = 0; at < family.length; at += 1) family.push(...all.filter(({ parent }) => parent === family[at]?.id));
  return family;
}

/** Null for one that has just ended. */
function statOf(id: number): Member | null {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    // The name in brackets may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { id, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return null;
  }
}

function kindOf(id: number): string {
  try {
    const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
    if (command.includes('hearth-engine') || command.includes('llama-engine')) return 'engine';
    return /--type=(renderer|gpu-process)/.exec(command)?.[1]?.replace('-process', '') ?? 'other';
  } catch {
    return 'other';
  }
}
