// npm run test:real: the built-in engine with real small models. Fetches them first, once; without them it says so and passes.
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { findTestModels } from './lib/test-models.mjs';
import { projectNode, projectRoot, toolEnv } from './lib/paths.mjs';

const { folder, reason } = findTestModels();
if (folder === null) {
  console.log(`Skipped: no real model can be had (${reason}). Name a folder with one by HEARTH_TEST_MODELS.`);
} else {
  const vitest = path.join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(projectNode(), [vitest, 'run', '--project', 'real', ...process.argv.slice(2)], {
    cwd: projectRoot,
    stdio: 'inherit',
    env: toolEnv({ HEARTH_TEST_MODELS: folder }),
  });
  process.exitCode = status ?? 1;
}
