// A server as a plain child, ended as a tree: Windows, which has neither signals nor process groups.
import { spawn } from 'node:child_process';
import { type ChildEnd, type ChildOptions, notSpawned, type OllamaChild } from './child.ts';
import { readOutput } from './read-output.ts';

/** How long `taskkill` may take, and then the tree, before the server alone is ended. */
const TREE_MS = 5_000;
/** How long the last words of a server that has ended may take to arrive. */
const DRAIN_MS = 1_000;

export function spawnDirect({ program, args, env, onLines }: ChildOptions): OllamaChild {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  const pid = child.pid;
  if (pid === undefined) return notSpawned(child);
  readOutput(child.stdout, onLines);
  readOutput(child.stderr, onLines);
  // A failed `kill`: the end itself is told by `close`.
  child.on('error', () => null);
  let isOver = false;
  let hasExited = false;
  let draining: NodeJS.Timeout | undefined;
  const destroyOutputs = (): void => {
    child.stdout.destroy();
    child.stderr.destroy();
  };
  child.once('exit', () => {
    hasExited = true;
    // A runner that has outlived its server holds them, and would hide its end.
    draining = setTimeout(destroyOutputs, DRAIN_MS);
  });
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('close', (code, signal) => {
      isOver = true;
      clearTimeout(draining);
      resolve(signal === null ? { code: code ?? 0 } : { signal });
    });
  });
  const end = async (): Promise<void> => {
    if (isOver) return;
    // The number of one that has ended may be somebody else's by now.
    const isDone = !hasExited && (await killTree(pid, env));
    const timer = setTimeout(
      () => {
        child.kill('SIGKILL');
        // A runner that `taskkill` missed may still hold them.
        destroyOutputs();
      },
      isDone ? TREE_MS : 0,
    );
    await ended;
    clearTimeout(timer);
  };
  let ending: Promise<void> | null = null;
  const endOnce = (): Promise<void> => {
    ending ??= end();
    return ending;
  };
  // There is no gentle way here: to end is to kill.
  return { group: null, pid: Promise.resolve(pid), ended, end: endOnce, kill: endOnce };
}

/** Ends the process and all its descendants; false when that did not work. */
export function killTree(pid: number, env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    const taskkill = spawn('taskkill', ['/pid', String(pid), '/T', '/F'], {
      env,
      stdio: 'ignore',
      windowsHide: true,
      timeout: TREE_MS,
    });
    taskkill.once('error', () => resolve(false));
    taskkill.once('exit', (code) => resolve(code === 0));
  });
}
