// What is known of running processes, as far as it takes to tell one of ours from a stranger with its number.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { RUN_MARK, type ProcessId } from './pid-file.ts';

export interface RunningProcess {
  pid: number;
  /** Null on Windows. */
  group: number | null;
  /** As `startedAt` tells it: ticks since the boot on Linux, milliseconds of the clock elsewhere. */
  startedAt: number;
  /** Whether the mark of the run is in its environment; null where that can't be read. */
  isMarked: boolean | null;
}

/** How much a start time may differ that was noted by the clock instead of read from the system. */
const CLOCK_TOLERANCE_MS = 2_000;
/** A list of processes takes a fraction of a second; PowerShell on a cold disk some seconds. */
const LIST_LIMIT_MS = 15_000;

/** When a process that has just been started began, in the words of its system. */
export function startedAt(pid: number, platform: NodeJS.Platform): number | null {
  return platform === 'linux' ? (linuxStat(pid)?.startedAt ?? null) : Date.now();
}

/** When this process began, in the same words, as near as it knows. */
export function ownStart(platform: NodeJS.Platform): number | null {
  return platform === 'linux' ? startedAt(process.pid, platform) : performance.timeOrigin;
}

/** Whether the running process is the one that was noted, judged by number and start. */
export function isSame(noted: ProcessId | null, running: RunningProcess, platform: NodeJS.Platform): boolean {
  if (noted === null || noted.startedAt === null || noted.pid !== running.pid) return false;
  const toleranceMs = platform === 'linux' ? 0 : CLOCK_TOLERANCE_MS;
  return Math.abs(noted.startedAt - running.startedAt) <= toleranceMs;
}

/** Whether there is any process (or group, with a negative number), also one that is not ours to signal. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Every process that still runs; those that ended and wait to be collected are gone. Rejects when the system does not tell. */
export function listProcesses(
  mark: string,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): Promise<RunningProcess[]> {
  if (platform === 'linux') return Promise.resolve(listLinux(mark));
  return platform === 'win32' ? listWindows(env) : listByPs(mark, env);
}

function listLinux(mark: string): RunningProcess[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.flatMap((pid) => {
    const stat = linuxStat(pid);
    if (stat === null || stat.state === 'Z' || stat.state === 'X') return [];
    return [{ pid, group: stat.group, startedAt: stat.startedAt, isMarked: hasMark(pid, mark) }];
  });
}

/** `pid (name) state parent group …`, the start as field 22; the name may hold anything. */
function linuxStat(pid: number): { state: string; group: number; startedAt: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', group: Number(fields[2]), startedAt: Number(fields[19]) };
  } catch {
    // It ended in between.
    return null;
  }
}

function hasMark(pid: number, mark: string): boolean | null {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${RUN_MARK}=${mark}`);
  } catch {
    // Another user's process, or one that has just ended.
    return null;
  }
}

/** macOS shows the environment of one's own processes behind their commands. */
async function listByPs(mark: string, env: NodeJS.ProcessEnv): Promise<RunningProcess[]> {
  const format = ['-A', '-ww', '-E', '-o', 'pid=,pgid=,lstart=,command='];
  const printed = await run('ps', format, { ...env, LC_ALL: 'C', TZ: 'UTC' });
  return printed.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(\w{3} \w{3}\s+\d+ [\d:]+ \d{4})\s(.*)$/.exec(line);
    if (!found) return [];
    const [, pid, group, started, rest = ''] = found;
    const isMarked = rest.includes(`${RUN_MARK}=${mark}`) ? true : null;
    return [{ pid: Number(pid), group: Number(group), startedAt: Date.parse(`${started} UTC`), isMarked }];
  });
}

async function listWindows(env: NodeJS.ProcessEnv): Promise<RunningProcess[]> {
  const script =
    'Get-CimInstance Win32_Process | Where-Object CreationDate | ForEach-Object ' +
    '{ "{0} {1}" -f $_.ProcessId, [DateTimeOffset]::new($_.CreationDate).ToUnixTimeMilliseconds() }';
  const printed = await run('powershell', ['-NoProfile', '-NonInteractive', '-Command', script], env);
  return printed.split(/\r?\n/).flatMap((line) => {
    const [, pid, started] = /^(\d+) (\d+)$/.exec(line.trim()) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), group: null, startedAt: Number(started), isMarked: null }];
  });
}

function run(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const options = { env, timeout: LIST_LIMIT_MS, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, printed) => (error === null ? resolve(printed) : reject(error)));
  });
}
