// What a Hearth that crashed has left running: found by its pid file, recognised, ended. Never one that Hearth did not start.
import { setTimeout as sleep } from 'node:timers/promises';
import { killTree } from './direct-child.ts';
import { readPidFiles, removeFile, type RunRecord } from './pid-file.ts';
import { exists, isSame, listProcesses, type RunningProcess } from './processes.ts';

export interface StaleOptions {
  pidPath: string;
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** Between SIGTERM and SIGKILL. */
  graceMs: number;
  onError: (error: unknown) => void;
}

const POLL_MS = 50;
/** What the kernel may take to end killed processes. */
const KILLED_MS = 1_000;

/**
 * Ends what is left of earlier runs and removes their files. What belongs to a Hearth that lives stays, file and process; a
 * number that belongs to somebody else by now is left alone. Never rejects; bounded by the grace and some seconds.
 */
export async function endStale(options: StaleOptions): Promise<void> {
  for (const { file, record } of readPidFiles(options.pidPath)) {
    try {
      if (record !== null && !(await isOver(record, options))) continue;
    } catch (error) {
      // The system did not tell what runs. The file stays for the next start.
      options.onError(error);
      continue;
    }
    removeFile(file, options.onError);
  }
}

/** True when nothing is left that Hearth may end. */
async function isOver(record: RunRecord, options: StaleOptions): Promise<boolean> {
  const { platform, env } = options;
  const list = () => listProcesses(record.mark, platform, env);
  if (exists(record.hearth.pid) && (await list()).some((one) => isHearth(record, one, platform))) return false;
  if (platform !== 'win32') {
    if (record.group === null || !exists(-record.group.pid)) return true;
    await endGroup(record.group.pid, record, options);
    return true;
  }
  const pid = record.server?.pid;
  if (pid === undefined || !exists(pid)) return true;
  if ((await list()).some((one) => isSame(record.server, one, platform))) await killTree(pid, env);
  return true;
}

/** One that began about then counts: to leave a stranger's child alone is better than to end it under a Hearth that lives. */
function isHearth({ hearth }: RunRecord, one: RunningProcess, platform: NodeJS.Platform): boolean {
  if (one.pid !== hearth.pid) return false;
  if (hearth.startedAt === null) return true;
  return Math.abs(hearth.startedAt - one.startedAt) <= (platform === 'linux' ? 0 : 30_000);
}

/** A number stays taken as long as its group has a member, so one member of the run means that all are. */
async function endGroup(group: number, record: RunRecord, { platform, env, graceMs }: StaleOptions): Promise<void> {
  const members = async () => (await listProcesses(record.mark, platform, env)).filter((one) => one.group === group);
  const isOurs = (one: RunningProcess) =>
    one.isMarked ?? (isSame(record.group, one, platform) || isSame(record.server, one, platform));
  if (!(await members()).some(isOurs)) return;
  for (const [signal, limitMs] of [['SIGTERM', graceMs] as const, ['SIGKILL', KILLED_MS] as const]) {
    signalGroup(group, signal);
    for (const startedMs = performance.now(); performance.now() - startedMs < limitMs; await sleep(POLL_MS))
      if ((await members()).length === 0) return;
  }
}

function signalGroup(group: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Gone in between: what was wanted.
  }
}
