// `npm run dev`: the window with live reload of what is shown and a restart when main changes.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { electronVite } from './lib/build.mjs';
import { projectNode, projectRoot } from './lib/paths.mjs';
import { run } from './lib/processes.mjs';
import { hasScreen } from './lib/screen.mjs';
import { setUpDevelopment } from './lib/setup.mjs';
import { main, say } from './lib/terminal.mjs';

await main(async () => {
  if (!hasScreen()) {
    say('there is no screen here ($DISPLAY is empty); try: xvfb-run -a npm run dev');
    return 1;
  }
  const { env } = await setUpDevelopment();
  // The dev server builds into out/ as well: `npm start` must build anew afterwards.
  rmSync(path.join(projectRoot, 'out', '.stamp'), { force: true });
  const root = process.getuid?.() === 0 ? { NO_SANDBOX: '1' } : {};
  const { code } = await run(projectNode(), [electronVite(), 'dev', '--watch', ...process.argv.slice(2)], {
    cwd: projectRoot,
    env: { ...env, ...root },
    output: 'show',
  });
  return code;
});
