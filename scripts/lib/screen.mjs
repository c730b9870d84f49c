// A virtual screen (Xvfb) that lives as long as the work that needs it.
import { spawn } from 'node:child_process';
import { endGroup, endWithUs } from './processes.mjs';
import { SetupError } from './terminal.mjs';

const START_LIMIT_MS = 20_000;

/** Whether windows have somewhere to appear. */
export function hasScreen(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Starts a screen of 1600 x 1200 on a free number and ends it after the work. Only Linux needs one: elsewhere the work
 * is just done.
 * @template T
 * @param {(env: NodeJS.ProcessEnv) => Promise<T>} work gets the variables that point at the screen
 * @returns {Promise<T>}
 */
export async function withVirtualScreen(work) {
  if (process.platform !== 'linux') return work({});
  // Xvfb chooses a free number and writes it to the file descriptor 3.
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const untie = endWithUs(server);
  const closed = new Promise((resolve) => {
    server.once('close', resolve);
  });
  try {
    const number = await displayNumber(server);
    return await work({ DISPLAY: `:${number}`, WAYLAND_DISPLAY: '', XDG_SESSION_TYPE: 'x11' });
  } finally {
    if (server.pid !== undefined) {
      endGroup(server, 'SIGTERM');
      await closed;
    }
    untie();
  }
}

function displayNumber(server) {
  return new Promise((resolve, reject) => {
    let words = '';
    let number = '';
    const fail = (why) => reject(new SetupError(`Xvfb did not start: ${why}\n${words.slice(-1000)}`));
    const timer = setTimeout(fail, START_LIMIT_MS, `no answer in ${START_LIMIT_MS / 1000} s`);
    const settle = (then) => (value) => {
      clearTimeout(timer);
      then(value);
    };
    server.once(
      'error',
      settle((error) => fail(error.message)),
    );
    server.once(
      'exit',
      settle((code) => fail(`exit code ${code}`)),
    );
    server.stderr.on('data', (text) => {
      words = (words + text).slice(-4000);
    });
    server.stdio[3].on('data', (text) => {
      number += text;
      if (number.endsWith('\n')) settle(resolve)(number.trim());
    });
  });
}
