// `npm run bench`: sets up and builds like the tests, then runs every bench, or only those named.
import path from 'node:path';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { projectNode, projectRoot } from '../scripts/lib/paths.mjs';
import { run } from '../scripts/lib/processes.mjs';
import { withVirtualScreen } from '../scripts/lib/screen.mjs';
import { setUpTests } from '../scripts/lib/setup.mjs';
import { main, say } from '../scripts/lib/terminal.mjs';

const BENCHES = ['first-token', 'window-messages', 'start', 'log-append', 'clean-token', 'stream-cost'];

await main(async () => {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !BENCHES.includes(name));
  if (unknown !== undefined) {
    say(`there is no bench '${unknown}'; choose from: ${BENCHES.join(', ')}`);
    return 2;
  }
  const { env } = await setUpTests();
  await ensureBuilt();
  return withVirtualScreen(async (screen) => {
    let failures = 0;
    for (const name of names.length > 0 ? names : BENCHES) {
      const args = ['--disable-warning=ExperimentalWarning', path.join(projectRoot, 'bench', `${name}.ts`)];
      const { code } = await run(projectNode(), args, { cwd: projectRoot, env: { ...env, ...screen }, output: 'show' });
      if (code !== 0) failures += 1;
    }
    return failures === 0 ? 0 : 1;
  });
});
