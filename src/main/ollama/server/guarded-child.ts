// A server under the guardian script, in a process group of its own: Linux and macOS.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';
import { type ChildEnd, type ChildOptions, notSpawned, type OllamaChild } from './child.ts';
import { GUARDIAN } from './guardian.ts';
import { readOutput } from './read-output.ts';

/** What the guardian may take beyond the grace before its group is killed from here. */
const GUARDIAN_MS = 2_000;
/** The grace when Hearth was killed: nobody waits for a gentle end, and the model's memory is wanted back. */
const ORPHAN_SECONDS = 2;
/** What the kernel may take to end killed processes. */
const KILLED_MS = 1_000;

export function spawnGuarded({ program, args, env, graceMs, onLines }: ChildOptions): OllamaChild {
  // Whole seconds: a `sleep` need not know others.
  const graceSeconds = Math.max(1, Math.ceil(graceMs / 1000));
  const orphanSeconds = Math.min(graceSeconds, ORPHAN_SECONDS);
  const guardian = spawn(
    '/bin/sh',
    ['-c', GUARDIAN, `hearth-${path.basename(program)}`, String(orphanSeconds), program, ...args],
    {
      detached: true,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  const group = guardian.pid;
  if (group === undefined) return notSpawned(guardian);

  let told: ChildEnd | null = null;
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  let tellPid: (pid: number | null) => void;
  const pid = new Promise<number | null>((resolve) => {
    tellPid = resolve;
  });
  let tellEnd: (end: ChildEnd) => void;
  const ended = new Promise<ChildEnd>((resolve) => {
    tellEnd = resolve;
  });

  const over = (end: ChildEnd): void => {
    isOver = true;
    clearTimeout(timer);
    tellPid(null);
    tellEnd(end);
  };
  const closeLifeline = (): void => {
    if (isOver) return;
    // The script reads the grace, then the end.
    guardian.stdin.end(`${graceSeconds}\n`);
    timer ??= setTimeout(killGroup, graceSeconds * 1000 + GUARDIAN_MS);
  };
  const killGroup = (): void => {
    if (isOver) return;
    clearTimeout(timer);
    kill(-group);
    // Somebody outside the group may still hold the pipes, and the kernel a process: nothing waits for them.
    guardian.stdout.destroy();
    guardian.stderr.destroy();
    timer = setTimeout(() => over(told ?? { signal: 'SIGKILL' }), KILLED_MS);
  };

  // It ended without a word: the guardian itself was killed, and its watcher needs the sign.
  guardian.once('exit', closeLifeline);
  guardian.once('close', () => over(told ?? { signal: 'SIGKILL' }));
  // Closing a pipe that nobody reads any more is no error here.
  guardian.stdin.on('error', () => guardian.stdin.destroy());
  readOutput(guardian.stderr, onLines);
  readOutput(guardian.stdout, (lines) => {
    for (const line of lines) {
      const [word, number] = line.split(' ');
      if (word === 'pid') tellPid(Number(number));
      if (word === 'exit') told = endFrom(Number(number));
    }
    return Promise.resolve();
  });

  return {
    group,
    pid,
    ended,
    async end() {
      closeLifeline();
      await ended;
    },
    async kill() {
      killGroup();
      await ended;
    },
  };
}

/** The shell tells a signal as 128 plus its number. */
function endFrom(status: number): ChildEnd {
  const signal = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0];
  return signal === undefined ? { code: status } : { signal };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already (macOS says EPERM for a group of zombies): what was wanted.
  }
}
