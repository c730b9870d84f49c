// `npm start`: installs and builds what is missing, then runs Hearth's window. `npm start -- --verbose` hides nothing.
import { projectRoot } from './lib/paths.mjs';
import { hasScreen } from './lib/screen.mjs';
import { setUpWindow } from './lib/setup.mjs';
import { main, say } from './lib/terminal.mjs';
import { runWindow } from './lib/window.mjs';

await main(async () => {
  if (!hasScreen()) {
    say('there is no screen here ($DISPLAY is empty), so no window can open. Instead:');
    say('  npx hearth doctor                  says how to get an answer in this terminal');
    say('  xvfb-run -a npm start              runs it on a virtual screen (Debian: apt-get install xvfb xauth)');
    return 1;
  }
  const given = process.argv.slice(2);
  const { electron, env } = await setUpWindow();
  // Only the operating system's sandbox is unavailable to root; the windows stay sandboxed by Electron's own means.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const { ELECTRON_RUN_AS_NODE: _, ...windowEnv } = env;
  say('opening the window');
  return runWindow({
    executable: electron.executable,
    args: [...sandbox, '.', ...given.filter((word) => word !== '--verbose')],
    cwd: projectRoot,
    env: windowEnv,
    isVerbose: given.includes('--verbose'),
  });
});
