// Installs node_modules when package-lock.json asks for something else than what is there.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npmCommand, projectNode, projectRoot } from './paths.mjs';
import { run } from './processes.mjs';
import { during, SetupError } from './terminal.mjs';

const INSTALL_LIMIT_MS = 20 * 60_000;
const NODE_CHECK_LIMIT_MS = 20_000;
const OLDEST_NODE_MAJOR = 24;

/**
 * Makes sure that node_modules is what package-lock.json says, with the Node 24 of the devDependency `node`.
 * Does nothing (a few milliseconds) when it is already so.
 * @throws {SetupError} with a sentence that says what to do
 */
export async function ensureDependencies() {
  if (areDependenciesCurrent()) return;
  rmSync(stampFile(projectRoot), { force: true });
  await during(
    'installing the packages of package-lock.json (a minute or two, only when they changed)',
    installPackages,
  );
  await installNode();
  writeFileSync(stampFile(projectRoot), dependenciesStamp(projectRoot));
}

/** Whether the last complete install was of this very lock file, on this kind of machine. */
export function areDependenciesCurrent(root = projectRoot) {
  const file = stampFile(root);
  return existsSync(file) && existsSync(projectNode(root)) && readFileSync(file, 'utf8') === dependenciesStamp(root);
}

/** What an install depends on: the locked packages, npm's settings, the kind of machine. */
export function dependenciesStamp(root) {
  const hash = createHash('sha256');
  for (const name of ['package-lock.json', '.npmrc']) {
    if (existsSync(path.join(root, name))) hash.update(readFileSync(path.join(root, name)));
  }
  return hash.update(`${process.platform} ${process.arch}`).digest('hex');
}

function stampFile(root) {
  return path.join(root, 'node_modules', '.hearth-installed');
}

/**
 * `npm install` by the lock file, not `npm ci`: the lock lacks builds of some tools for other systems (see
 * docs/decisions/0001-two-commands.md), which `npm ci` of npm 11 refuses. No install scripts: the packages carry
 * prebuilt binaries, and the scripts would compile or download their own.
 */
async function installPackages() {
  const lock = JSON.parse(readFileSync(path.join(projectRoot, 'package-lock.json'), 'utf8'));
  const args = ['install', '--no-save', '--ignore-scripts', ...unlockedBuilds(lock, process.platform, process.arch)];
  await npm(args, projectRoot, 'The packages could not be installed');
}

/**
 * The prebuilt parts of tools that this kind of machine needs and the lock file does not hold. npm 10 leaves them out.
 * @param {{ packages: Record<string, { optionalDependencies?: Record<string, string> }> }} lock package-lock.json
 * @returns {string[]} to install besides, as `name@version`
 */
export function unlockedBuilds(lock, platform, arch) {
  const suffix = new RegExp(`[-/]${platform}-${arch}(-(gnu|msvc))?$`);
  const wanted = Object.entries(lock.packages).flatMap(([at, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => suffix.test(name))
      .filter(([name]) => !lock.packages[`${at}/node_modules/${name}`] && !lock.packages[`node_modules/${name}`])
      .map(([name, version]) => `${name}@${version}`),
  );
  return [...new Set(wanted)];
}

/** The package `node` gets its binary by an install script; this one is run, and what it brought is tried out. */
async function installNode() {
  const folder = path.join(projectRoot, 'node_modules', 'node');
  if (!existsSync(folder))
    throw new SetupError("package-lock.json does not hold the package 'node'; restore it from git.");
  if (!(await isNodeGood())) {
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const result = await during(`installing Node ${version} for the scripts (about 50 MB, once)`, () =>
      run(process.execPath, ['installArchSpecificPackage.js'], {
        cwd: folder,
        env: npmEnv(),
        timeoutMs: INSTALL_LIMIT_MS,
      }),
    );
    if (!(await isNodeGood())) throw new SetupError(installAdvice(`Node ${version} could not be installed`, result));
  }
  linkNode();
}

async function isNodeGood() {
  if (!existsSync(projectNode())) return false;
  const { code, stdout } = await run(projectNode(), ['-v'], { timeoutMs: NODE_CHECK_LIMIT_MS });
  return code === 0 && Number(/^v(\d+)/.exec(stdout)?.[1]) >= OLDEST_NODE_MAJOR;
}

/** npm makes no link for a command whose file came later; `npm run` finds the project's Node by it. */
function linkNode() {
  const link = path.join(projectRoot, 'node_modules', '.bin', 'node');
  if (process.platform === 'win32' || existsSync(link)) return;
  rmSync(link, { force: true });
  symlinkSync(path.join('..', 'node', 'bin', 'node'), link);
}

async function npm(args, cwd, failure) {
  const { command, args: first, shell } = npmCommand();
  const result = await run(command, [...first, ...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    shell,
    env: npmEnv(),
    timeoutMs: INSTALL_LIMIT_MS,
  });
  if (result.code !== 0) throw new SetupError(installAdvice(failure, result));
}

/** Our environment without what npm adds for the script it runs, which would steer the npm that we run. */
export function npmEnv(env = process.env) {
  const dropped = /^npm_(lifecycle|package|command|config_(local_prefix|loglevel))/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !dropped.test(name)));
}

function installAdvice(failure, { code, stderr, stdout }) {
  const text = stderr.trim() || stdout.trim();
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ENOTCACHED/.test(text);
  const why = offline
    ? 'The package registry was not reached: check the network or the proxy, then run this again.'
    : '';
  const ended = code === 127 ? 'npm was not found; install Node.js 20 or newer, which brings it.' : '';
  return [`${failure} (exit code ${code}).`, why || ended, text.split('\n').slice(-12).join('\n')]
    .filter(Boolean)
    .join('\n');
}
