// A server of ours that leaves nothing behind: in a group of its own, ended when Hearth is, noted for the next Hearth.
import { randomUUID } from 'node:crypto';
import type { ChildOptions, OllamaChild } from './child.ts';
import { spawnDirect } from './direct-child.ts';
import { spawnGuarded } from './guarded-child.ts';
import { openPidFile, RUN_MARK } from './pid-file.ts';
import { ownStart, startedAt } from './processes.ts';

export interface SupervisedOptions extends ChildOptions {
  platform: NodeJS.Platform;
  /** See `endStale`, which ends what a crash of Hearth has left. */
  pidPath: string;
  /** Told when the pid file can't be written; the server runs on without. */
  onFileError: (error: unknown) => void;
}

export function beginChild({ pidPath, onFileError, platform, ...options }: SupervisedOptions): OllamaChild {
  const mark = randomUUID();
  const spawnChild = platform === 'win32' ? spawnDirect : spawnGuarded;
  const child = spawnChild({ ...options, env: { ...options.env, [RUN_MARK]: mark } });
  const forget = note(child, mark, { program: options.program, platform, pidPath, onFileError });
  const forgetAfter = async (end: Promise<void>): Promise<void> => {
    await end;
    forget();
  };
  return { ...child, end: () => forgetAfter(child.end()), kill: () => forgetAfter(child.kill()) };
}

/** Notes what was started, for the next Hearth; what comes back forgets it once it has gone. */
function note(
  child: OllamaChild,
  mark: string,
  {
    program,
    platform,
    pidPath,
    onFileError,
  }: Pick<SupervisedOptions, 'program' | 'platform' | 'pidPath' | 'onFileError'>,
): () => void {
  const file = openPidFile(pidPath, onFileError);
  const record = {
    mark,
    program,
    startedAtMs: Date.now(),
    hearth: { pid: process.pid, startedAt: ownStart(platform) },
    group: child.group === null ? null : { pid: child.group, startedAt: startedAt(child.group, platform) },
  };
  let isOver = false;
  const tell = (pid: number | null): void => {
    if (isOver) return;
    file.write({ ...record, server: pid === null ? null : { pid, startedAt: startedAt(pid, platform) } });
  };
  // At once, with what is known; a moment later with the server itself.
  if (child.group !== null) tell(null);
  const told = child.pid.then((pid) => (pid === null ? undefined : tell(pid)));
  told.catch(onFileError);
  return () => {
    isOver = true;
    file.remove();
  };
}
