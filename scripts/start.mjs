// `npm start`: installs and builds what is missing, then runs Hearth's window.
import { spawn } from 'node:child_process';
import { projectRoot } from './lib/paths.mjs';
import { exitCode } from './lib/processes.mjs';
import { hasScreen } from './lib/screen.mjs';
import { setUpWindow } from './lib/setup.mjs';
import { main, say } from './lib/terminal.mjs';

/** Hearth ends its own children within a few seconds; after this it is stuck. */
const QUIT_LIMIT_MS = 20_000;

await main(async () => {
  if (!hasScreen()) {
    say('there is no screen here ($DISPLAY is empty), so no window can open. Instead:');
    say('  xvfb-run -a npm start              runs it on a virtual screen (Debian: apt-get install xvfb xauth)');
    say('  npx hearth ask "What is a mutex?"  answers in this terminal');
    return 1;
  }
  const { electron, env } = await setUpWindow();
  return runElectron(electron.executable, env);
});

/** Runs the window to its end; whoever ends us ends it. */
function runElectron(executable, env) {
  // Only the operating system's sandbox is unavailable to root; the windows stay sandboxed by Electron's own means.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const { ELECTRON_RUN_AS_NODE: _, ...windowEnv } = env;
  const child = spawn(executable, [...sandbox, '.', ...process.argv.slice(2)], {
    cwd: projectRoot,
    env: windowEnv,
    stdio: 'inherit',
  });
  let timer;
  const pass = (name) => () => {
    child.kill(name);
    timer ??= setTimeout(() => child.kill('SIGKILL'), QUIT_LIMIT_MS);
  };
  process.on('SIGTERM', pass('SIGTERM'));
  process.on('SIGHUP', pass('SIGHUP'));
  // Ctrl+C in a terminal reaches Electron by itself; a SIGINT sent to us alone is passed on.
  process.on('SIGINT', process.stdin.isTTY ? () => {} : pass('SIGINT'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signalName) => {
      clearTimeout(timer);
      resolve(exitCode(code, signalName));
    });
  });
}
