// What the operating system must have: libraries for a window, and for the tests a virtual screen, a browser and a font.
// Installed when this is root on Debian; else the command to run is printed.
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { projectNode, projectRoot } from './paths.mjs';
import { run } from './processes.mjs';
import { during, say, SetupError } from './terminal.mjs';

const APT_LIMIT_MS = 20 * 60_000;
const QUERY_LIMIT_MS = 30_000;

/** What an Electron window loads; `xauth` and `xvfb` are only for machines without a screen. */
const WINDOW_PACKAGES = ['libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'libxss1', 'libxtst6', 'libatspi2.0-0'];
const MORE_WINDOW_PACKAGES = ['libdrm2', 'libsecret-1-0', 'libnotify4'];
const PROGRAM_PACKAGES = { gcc: ['gcc', 'libc6-dev'], 'g++': ['g++'], Xvfb: ['xvfb', 'xauth'] };
/** One of the interface's fonts must be there, or the screenshots show whatever the system has. */
const INTERFACE_FONTS = /Adwaita Sans|Inter|Cantarell|Noto Sans|Ubuntu/;
const CHROMIUM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
  String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
];
const CHROMIUM_COMMANDS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/**
 * Makes sure that a window can open: the libraries that Electron's program names.
 * @param {string} executable Electron's program
 */
export async function ensureWindowLibraries(executable) {
  if (process.platform !== 'linux') return;
  const missing = await missingLibraries(executable);
  if (missing.length === 0) return;
  await ensurePackages([...WINDOW_PACKAGES, ...MORE_WINDOW_PACKAGES], `libraries for a window (${shortList(missing)})`);
  const still = await missingLibraries(executable);
  if (still.length > 0) throw new SetupError(`Electron still lacks ${still.join(', ')}; install what holds them.`);
}

/** Makes sure that these programs can be run. */
export async function ensurePrograms(names) {
  const missing = names.filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return;
  await ensurePackages(
    missing.flatMap((name) => PROGRAM_PACKAGES[name] ?? [name]),
    missing.join(', '),
  );
}

/**
 * Makes sure that the tests find what they need besides a window's libraries.
 * @returns {Promise<{ chromium: string }>} the browser for component tests
 */
export async function ensureTestPrograms() {
  if (process.platform === 'linux') {
    await ensurePrograms(['Xvfb']);
    await ensureFont();
  }
  const there = await findChromium();
  if (there) return { chromium: there };
  if (!canInstall()) {
    throw new SetupError(
      'The component tests need Chromium. Install it (on Debian: apt-get install chromium; elsewhere: ' +
        'npx playwright install chromium), or name one in HEARTH_CHROMIUM.',
    );
  }
  await ensurePackages(['chromium'], 'Chromium for the component tests');
  const installed = await findChromium();
  if (!installed) throw new SetupError('Chromium was installed but is not found; name it in HEARTH_CHROMIUM.');
  return { chromium: installed };
}

/** Where a program of the PATH is. */
export function findProgram(name, env = process.env) {
  const folders = (env.PATH ?? env.Path ?? '').split(path.delimiter).filter(Boolean);
  return folders.map((folder) => path.join(folder, name)).find(isExecutable);
}

/** The shared libraries that the loader does not find for a program, from the words of `ldd`. */
export function missingFromLdd(text) {
  const names = [...text.matchAll(/^\s*(\S+) => not found$/gm)].map(([, name]) => name);
  return [...new Set(names)];
}

/** The first few of many names. */
function shortList(names) {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return names.slice(0, 3).join(', ') + more;
}

async function missingLibraries(executable) {
  const { stdout } = await run('ldd', [executable], { timeoutMs: QUERY_LIMIT_MS });
  return missingFromLdd(stdout);
}

async function ensureFont() {
  const { code, stdout } = await run('fc-list', [':', 'family'], { timeoutMs: QUERY_LIMIT_MS });
  if (code === 0 && INTERFACE_FONTS.test(stdout)) return;
  const packages = ['fontconfig', 'fonts-inter', 'fonts-dejavu-core'];
  if (canInstall()) await ensurePackages(packages, 'a font for the interface');
  else say(`the interface has none of its fonts here; for screenshots install ${packages.join(' ')}`);
}

async function findChromium() {
  const named = process.env.HEARTH_CHROMIUM;
  if (named) {
    if (isExecutable(named)) return named;
    throw new SetupError(`HEARTH_CHROMIUM names ${named}, which cannot be run. Correct or unset it.`);
  }
  const found = CHROMIUM_COMMANDS.map((name) => findProgram(name)).find(Boolean) ?? CHROMIUM_PLACES.find(isExecutable);
  return found ?? playwrightChromium();
}

/** The browser that `npx playwright install chromium` brings. */
async function playwrightChromium() {
  const question = "import('playwright').then((p) => console.log(p.chromium.executablePath()))";
  const { code, stdout } = await run(projectNode(), ['-e', question], { cwd: projectRoot, timeoutMs: QUERY_LIMIT_MS });
  const file = stdout.trim();
  return code === 0 && file && isExecutable(file) ? file : undefined;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us: either way it is not the one.
    return false;
  }
}

function isDebian() {
  return existsSync('/etc/debian_version') && findProgram('apt-get') !== undefined;
}

function canInstall() {
  return isDebian() && process.getuid?.() === 0;
}

let isListFresh = false;

async function ensurePackages(names, purpose) {
  if (!canInstall()) throw new SetupError(installSentence(names, purpose, isDebian() ? 'debian' : 'other'));
  await during(`installing ${purpose} with apt-get (a minute or two, once)`, async () => {
    if (!isListFresh) await apt(['update']);
    isListFresh = true;
    await apt(['install', '-y', '--no-install-recommends', ...(await currentNames(names))]);
  });
}

/** What to say where we cannot install: the command, or the names to look for. */
export function installSentence(names, purpose, system) {
  if (system === 'debian') {
    return `Missing: ${purpose}. Run this, then start again:\n  sudo apt-get install -y --no-install-recommends ${names.join(' ')}`;
  }
  return `Missing: ${purpose}. Install it with your system's package manager; on Debian the packages are: ${names.join(' ')}`;
}

/** Newer Debians renamed some libraries (libgtk-3-0t64). */
async function currentNames(names) {
  const { stdout } = await run('apt-cache', ['pkgnames', 'lib'], { timeoutMs: QUERY_LIMIT_MS });
  const known = new Set(stdout.split('\n'));
  return names.map((name) => (known.has(`${name}t64`) ? `${name}t64` : name));
}

async function apt(args) {
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { code, stdout, stderr } = await run('apt-get', [...lock, ...args], { env, timeoutMs: APT_LIMIT_MS });
  if (code === 0) return;
  const words = (stderr || stdout).trim().split('\n').slice(-8).join('\n');
  throw new SetupError(`apt-get ${args.join(' ')} failed (exit code ${code}).\n${words}`);
}
