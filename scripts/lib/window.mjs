// Runs Hearth's window to its end: says when it is open, keeps Chromium's noise away, ends with its exit code.
import { spawn } from 'node:child_process';
import { createNoiseFilter } from './noise.mjs';
import { exitCode } from './processes.mjs';
import { say } from './terminal.mjs';

/** Hearth ends its own children within a few seconds; after this it is stuck. */
const QUIT_LIMIT_MS = 20_000;
/** As `src/main/shell/tell-open.ts` writes it. */
const IS_OPEN = 'hearth:window-open';
/** Of the lines that were kept away, those that may explain a failure. */
const KEPT_LINES = 20;

/**
 * Resolves with the exit code; whoever ends us ends the window.
 * @param {object} given
 * @param {string} given.executable
 * @param {string[]} given.args
 * @param {string} [given.cwd]
 * @param {NodeJS.ProcessEnv} given.env
 * @param {boolean} given.isVerbose shows everything that is printed
 * @returns {Promise<number>}
 */
export async function runWindow({ executable, args, cwd, env, isVerbose }) {
  const child = spawn(executable, args, {
    cwd,
    env: { ...env, HEARTH_TELL_WINDOW: '1' },
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  const kept = [];
  let isOpen = false;
  const tellOpen = () => {
    isOpen = true;
    say(`Hearth is open. Close its window to end it${process.stdin.isTTY ? ', or press Ctrl C here' : ''}.`);
  };
  const keep = (line) => {
    kept.push(line);
    if (kept.length > KEPT_LINES) kept.shift();
  };
  const follow = (from, to) => {
    const show = (line) => to.write(`${line}\n`);
    const filter = createNoiseFilter({
      onLine: (line) => (line === IS_OPEN ? tellOpen() : show(line)),
      onNoise: (line) => (isVerbose ? show(line) : keep(line)),
    });
    from.setEncoding('utf8');
    from.on('data', (text) => filter.write(text));
    from.on('end', () => filter.end());
  };
  follow(child.stdout, process.stdout);
  follow(child.stderr, process.stderr);
  const { code, wasAsked } = await endOf(child);
  if (wasAsked) return code;
  if (code === 0 && !isOpen) say('Hearth was open already; its window is in front now.');
  if (code !== 0) {
    say(`Hearth ended with exit code ${code}.${kept.length > 0 ? ' What was printed last:' : ''}`);
    for (const line of kept) process.stderr.write(`  ${line}\n`);
  }
  return code;
}

/** How the window ended, and whether somebody asked this script to end it. */
function endOf(child) {
  let timer;
  let wasAsked = false;
  const pass = (name) => () => {
    wasAsked = true;
    child.kill(name);
    timer ??= setTimeout(() => child.kill('SIGKILL'), QUIT_LIMIT_MS);
  };
  // Ctrl C in a terminal reaches Electron by itself; a SIGINT sent to us alone is passed on.
  const listeners = {
    SIGTERM: pass('SIGTERM'),
    SIGHUP: pass('SIGHUP'),
    SIGINT: process.stdin.isTTY ? () => (wasAsked = true) : pass('SIGINT'),
  };
  for (const [name, listener] of Object.entries(listeners)) process.on(name, listener);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signalName) => resolve({ code: exitCode(code, signalName), wasAsked }));
  }).finally(() => {
    clearTimeout(timer);
    for (const [name, listener] of Object.entries(listeners)) process.off(name, listener);
  });
}
