// `npm run screenshots`: takes the pictures of docs/screenshots from the real program, in light and dark.
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { projectNode, projectRoot } from './lib/paths.mjs';
import { run } from './lib/processes.mjs';
import { withVirtualScreen } from './lib/screen.mjs';
import { setUpTests } from './lib/setup.mjs';
import { main } from './lib/terminal.mjs';

await main(async () => {
  const { env } = await setUpTests();
  await ensureBuilt();
  return withVirtualScreen(async (screen) => {
    const program = path.join(projectRoot, 'scripts', 'screenshots', 'take.ts');
    const { code } = await run(projectNode(), ['--disable-warning=ExperimentalWarning', program], {
      cwd: projectRoot,
      env: { ...env, ...screen },
      output: 'show',
    });
    return code;
  });
});
