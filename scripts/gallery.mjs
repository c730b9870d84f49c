// `npm run gallery`: pictures of the card for every error that an answer can end with, in light and dark, in test-results/gallery.
import path from 'node:path';
import { projectNode, projectRoot } from './lib/paths.mjs';
import { run } from './lib/processes.mjs';
import { setUpTests } from './lib/setup.mjs';
import { main, say } from './lib/terminal.mjs';

await main(async () => {
  const { env } = await setUpTests();
  const vitest = path.join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const test = 'tests/component/chat/error-gallery.test.tsx';
  const { code } = await run(projectNode(), [vitest, 'run', '--project', 'component', test], {
    cwd: projectRoot,
    env: { ...env, VITE_PICTURES: 'yes' },
    output: 'show',
  });
  if (code === 0) say('The pictures are in test-results/gallery.');
  return code;
});
