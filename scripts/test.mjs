// `npm test`: installs what is missing, then checks, builds and runs every test.
// `npm test -- unit e2e` runs only these parts. The last line always reads `N passed, N failed`.
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { closingLine, playwrightCounts, total, vitestCounts } from './lib/counts.mjs';
import { npmCommand, projectNode, projectRoot } from './lib/paths.mjs';
import { run } from './lib/processes.mjs';
import { withVirtualScreen } from './lib/screen.mjs';
import { setUpTests } from './lib/setup.mjs';
import { endStrays, RUN_MARK } from './lib/strays.mjs';
import { say, SetupError } from './lib/terminal.mjs';

const VITEST_PARTS = ['unit', 'integration', 'component'];
const PARTS = ['check', ...VITEST_PARTS, 'e2e'];
const CHECKS = ['types', 'lint', 'format', 'imports', 'unused'];
const STRAY_PATIENCE_MS = 10_000;
/** Settings of the person who runs the tests, which must not reach them. */
const PERSONAL = [
  'HEARTH_HOME',
  'HEARTH_OLLAMA',
  'OLLAMA_HOST',
  'OLLAMA_MODELS',
  'OLLAMA_BASE_URL',
  'OLLAMA_MODEL',
  'OLLAMA_TIMEOUT',
  'USE_OLLAMA',
  'LLM_SERVICE_URL',
  'LLM_CHAT_API_URL',
  'LLM_EMOTION_API_URL',
  'LLM_FACTS_API_URL',
  'ELECTRON_RUN_AS_NODE',
  'NODE_OPTIONS',
];

const results = path.join(projectRoot, 'test-results');
const mark = randomUUID();

try {
  const parts = chosenParts(process.argv.slice(2));
  const counts = parts && total(await runParts(parts));
  if (counts) {
    process.exitCode = counts.failed > 0 ? 1 : 0;
    console.log(closingLine(counts));
  }
} catch (error) {
  console.error(error instanceof SetupError ? `hearth: ${error.message}` : error);
  process.exitCode = 1;
  console.log(closingLine({ passed: 0, failed: 1, skipped: 0 }));
}

/** The parts named on the command line; undefined (and told) when one does not exist. */
function chosenParts(names) {
  const unknown = names.filter((name) => !PARTS.includes(name));
  if (unknown.length === 0) return names.length > 0 ? PARTS.filter((part) => names.includes(part)) : PARTS;
  say(`there is no part '${unknown[0]}'; choose from: ${PARTS.join(', ')}`);
  process.exitCode = 2;
  return undefined;
}

async function runParts(parts) {
  const { env } = await setUpTests();
  const testEnv = { ...env, [RUN_MARK]: mark };
  for (const name of PERSONAL) delete testEnv[name];
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });

  const counts = [];
  const tell = (part, more) => counts.push({ part, ...more });
  if (parts.includes('check')) tell('check', await runChecks(testEnv));
  const isBuilt = await build(tell);
  for (const part of VITEST_PARTS.filter((name) => parts.includes(name))) tell(part, await runVitest(part, testEnv));
  if (parts.includes('e2e') && isBuilt) tell('e2e', await runEndToEnd(testEnv));
  tell('left behind', await countStrays());

  console.log('');
  for (const { part, ...more } of counts) {
    if (more.passed + more.failed + more.skipped > 0) console.log(`${part.padEnd(12)} ${closingLine(more)}`);
  }
  console.log('');
  return counts;
}

/** Each check by itself, so that one failure does not hide the next. */
async function runChecks(env) {
  const { command, args, shell } = npmCommand();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const name of CHECKS) {
    const result = await run(command, [...args, 'run', '--silent', `check:${name}`], { cwd: projectRoot, env, shell });
    if (result.code === 0) {
      counts.passed += 1;
      continue;
    }
    counts.failed += 1;
    console.log(`${result.stdout}${result.stderr}\nThe check '${name}' failed (npm run check:${name}).`);
  }
  return counts;
}

/** A build that fails is told and counted; the tests that do not need it still run. */
async function build(tell) {
  try {
    await ensureBuilt();
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.log(error.message);
    tell('build', { passed: 0, failed: 1, skipped: 0 });
    return false;
  }
}

async function runVitest(part, env) {
  const report = path.join(results, `${part}.json`);
  const vitest = path.join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const secondTries = path.join(results, `${part}-second-tries.json`);
  const ours = path.join(projectRoot, 'scripts', 'lib', 'second-tries.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, `--reporter=${ours}`];
  const args = [vitest, 'run', '--project', part, ...reporters];
  // On Node the database's own binary is tested; the one built for an old Electron is for the end-to-end tests.
  const { HEARTH_SQLITE_BINDING: _, ...nodeEnv } = env;
  const own = { ...nodeEnv, HEARTH_SECOND_TRIES: secondTries };
  const { code } = await run(projectNode(), args, { cwd: projectRoot, env: own, output: 'show' });
  return vitestCounts(report, code, secondTries);
}

async function runEndToEnd(env) {
  const playwright = path.join(projectRoot, 'node_modules', '@playwright', 'test', 'cli.js');
  const { code } = await withVirtualScreen((screen) =>
    run(projectNode(), [playwright, 'test'], { cwd: projectRoot, env: { ...env, ...screen }, output: 'show' }),
  );
  return playwrightCounts(path.join(results, 'e2e.json'), code);
}

/** A test that leaves a process behind has failed, whatever it says. */
async function countStrays() {
  const strays = await endStrays(mark, STRAY_PATIENCE_MS);
  for (const stray of strays) console.log(`left behind by the tests: ${stray}`);
  return { passed: 0, failed: strays.length > 0 ? 1 : 0, skipped: 0 };
}
