// Builds the program into out/ when what it is made of changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withSetupLock } from './lock.mjs';
import { projectNode, projectRoot, toolEnv } from './paths.mjs';
import { run } from './processes.mjs';
import { during, SetupError } from './terminal.mjs';

const BUILD_LIMIT_MS = 10 * 60_000;
/** Everything that decides what the build makes. */
const SOURCES = ['src', 'resources', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];

/**
 * Builds when the sources differ from those of the last complete build.
 * @throws {SetupError} with the build's own words
 */
export async function ensureBuilt() {
  if (!isBuilt()) await withSetupLock(buildIfNeeded);
}

/** Whether out/ was made from the sources as they are. */
export function isBuilt(root = projectRoot, stamp = buildStamp(root)) {
  const file = stampFile(root);
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/** A hash over names and contents of all sources (about 10 ms). */
export function buildStamp(root = projectRoot) {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((name) => filesBelow(path.join(root, name)))) {
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The build tool's command file. */
export function electronVite() {
  return path.join(projectRoot, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
}

/** The check once more: whoever held the lock may have built. */
async function buildIfNeeded() {
  const stamp = buildStamp();
  if (isBuilt(projectRoot, stamp)) return;
  rmSync(stampFile(projectRoot), { force: true });
  const { code, stdout, stderr } = await during('building (some ten seconds, only when something changed)', () =>
    run(projectNode(), [electronVite(), 'build', '--logLevel', 'warn'], {
      cwd: projectRoot,
      env: toolEnv(),
      timeoutMs: BUILD_LIMIT_MS,
    }),
  );
  if (code !== 0) throw new SetupError(`The build failed (exit code ${code}).\n${stdout}${stderr}`);
  mkdirSync(path.join(projectRoot, 'out'), { recursive: true });
  // The stamp of the sources as they were before: what changed meanwhile is built next time.
  writeFileSync(stampFile(projectRoot), stamp);
}

function stampFile(root) {
  return path.join(root, 'out', '.stamp');
}

function filesBelow(at) {
  if (!existsSync(at)) return [];
  try {
    const entries = readdirSync(at, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.endsWith('.md'))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => filesBelow(path.join(at, entry.name)));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [at];
    throw error;
  }
}
