// Child processes: run one to its end, with its output collected or shown, and never leave one behind.
import { spawn } from 'node:child_process';
import os from 'node:os';

/** How long a process may take to end by itself after SIGTERM. */
const GRACE_MS = 10_000;
/** Output kept of a quiet process: enough to explain a failure. */
const KEPT_CHARS = 4_000_000;

/**
 * Runs a program to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {boolean} [options.shell] only for npm's command file on Windows
 * @param {'collect' | 'show' | 'stderr'} [options.output] collect it (default), show it, or show all of it on stderr
 * @param {AbortSignal} [options.signal] ends the program and everything it started
 * @param {number} [options.timeoutMs] the same after this time
 * @returns {Promise<{ code: number, stdout: string, stderr: string }>} never rejects: 127 when it cannot be started,
 * 128 + n when a signal ended it
 */
export function run(command, args, options = {}) {
  const { cwd, env, shell = false, output = 'collect', signal, timeoutMs } = options;
  return new Promise((resolve) => {
    const outputs = { collect: ['pipe', 'pipe'], show: ['inherit', 'inherit'], stderr: [2, 2] }[output];
    const child = spawn(command, args, {
      cwd,
      env,
      shell,
      stdio: ['ignore', ...outputs],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const kept = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name]?.setEncoding('utf8').on('data', (text) => {
        kept[name] = (kept[name] + text).slice(-KEPT_CHARS);
      });
    }
    const end = () => endGroup(child, 'SIGTERM');
    const timer = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs);
    const unwatch = endWithUs(child);
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
    const settle = (code) => {
      clearTimeout(timer);
      unwatch();
      signal?.removeEventListener('abort', end);
      resolve({ code, ...kept });
    };
    child.once('error', (error) => {
      kept.stderr += `${command}: ${error.message}`;
      settle(127);
    });
    child.once('close', (code, name) => settle(exitCode(code, name)));
  });
}

/** A child's exit code; a signal n becomes 128 + n, as shells say it. */
export function exitCode(code, signalName) {
  return code ?? 128 + (os.constants.signals[signalName] ?? 1);
}

/**
 * Ends a detached child with its whole process group: politely, then by force after a grace period.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signalName
 */
export function endGroup(child, signalName, graceMs = GRACE_MS) {
  killGroup(child, signalName);
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
  child.once('close', () => {
    clearTimeout(timer);
    killGroup(child, 'SIGKILL');
  });
}

/**
 * Ties a detached child to this process: signals that would end us end it first, and our exit kills it.
 * @returns {() => void} unties it
 */
export function endWithUs(child) {
  const onExit = () => killGroup(child, 'SIGKILL');
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const onSignal = (name) => {
    endGroup(child, 'SIGTERM');
    child.once('close', () => process.exit(exitCode(null, name)));
  };
  process.once('exit', onExit);
  for (const name of names) process.on(name, onSignal);
  return () => {
    process.off('exit', onExit);
    for (const name of names) process.off(name, onSignal);
  };
}

function killGroup(child, signalName) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signalName);
    else process.kill(-child.pid, signalName);
  } catch (error) {
    // The group is gone already, or (macOS) holds only zombies.
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}
