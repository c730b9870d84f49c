// The Electron of the package `electron`: whether its program is there, and its own download.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectNode, projectRoot, runtimeCache, toolEnv } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { during } from '../lib/terminal.mjs';

/** Without a single new byte for this long the download is given up. */
const SILENCE_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
const REMEMBER_MS = 24 * 60 * 60_000;

/** Where the program is below an Electron folder. */
export function programIn(dist, platform = process.platform) {
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  return path.join(dist, names[platform] ?? 'electron');
}

/**
 * The program of the installed package, if it is there and of the package's version.
 * @returns {{ dist: string, version: string } | undefined}
 */
export function installedElectron(root = projectRoot) {
  const folder = path.join(root, 'node_modules', 'electron');
  const dist = path.join(folder, 'dist');
  if (!existsSync(path.join(dist, 'version')) || !existsSync(programIn(dist))) return undefined;
  const version = wantedVersion(root);
  return readFileSync(path.join(dist, 'version'), 'utf8').trim().replace(/^v/, '') === version
    ? { dist, version }
    : undefined;
}

/** The version that package-lock.json brought. */
export function wantedVersion(root = projectRoot) {
  return JSON.parse(readFileSync(path.join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version;
}

/**
 * Runs electron's own download, which honours its mirror settings. Ends early when the site does not answer.
 * @returns {Promise<{ ok: true } | { ok: false, why: string }>}
 */
export async function downloadElectron() {
  const folder = path.join(projectRoot, 'node_modules', 'electron');
  const scratch = mkdtempSync(path.join(tmpdir(), 'hearth-electron-'));
  const silence = new AbortController();
  const watch = watchGrowth([scratch, path.join(folder, 'dist')], () => silence.abort());
  const download = () =>
    run(projectNode(), ['install.js'], {
      cwd: folder,
      env: toolEnv({ TMPDIR: scratch, TEMP: scratch, TMP: scratch }),
      signal: silence.signal,
    });
  const howFar = () => `${Math.round(bytesBelow(scratch) / 1e6)} MB have arrived`;
  try {
    const line = `downloading Electron ${wantedVersion()} (about 120 MB, once)`;
    const { code, stdout, stderr } = await during(line, download, { howFar });
    if (code === 0 && installedElectron()) return { ok: true };
    if (silence.signal.aborted) return { ok: false, why: `no data for ${SILENCE_LIMIT_MS / 1000} s` };
    return { ok: false, why: (stderr || stdout).trim().split('\n')[0] || `exit code ${code}` };
  } finally {
    clearInterval(watch);
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Calls `onSilence` when nothing below the folders has grown for a while. */
function watchGrowth(folders, onSilence) {
  let seenBytes = -1;
  let grewAtMs = Date.now();
  return setInterval(() => {
    const bytes = folders.reduce((sum, folder) => sum + bytesBelow(folder), 0);
    if (bytes !== seenBytes) [seenBytes, grewAtMs] = [bytes, Date.now()];
    else if (Date.now() - grewAtMs > SILENCE_LIMIT_MS) onSilence();
  }, LOOK_EVERY_MS);
}

function bytesBelow(folder) {
  if (!existsSync(folder)) return 0;
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true })) {
    bytes += statSync(path.join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

/** Whether this very download failed within the last day, with the same mirror settings. */
export function hasFailedLately(nowMs = Date.now(), env = process.env) {
  const file = failureFile();
  if (!existsSync(file)) return false;
  const { wanted, atMs } = JSON.parse(readFileSync(file, 'utf8'));
  return wanted === downloadKey(env) && nowMs - atMs >= 0 && nowMs - atMs < REMEMBER_MS;
}

/** Remembers a failed download, so that the next start does not wait for it again. */
export function rememberFailure(nowMs = Date.now(), env = process.env) {
  mkdirSync(runtimeCache(), { recursive: true });
  writeFileSync(failureFile(), JSON.stringify({ wanted: downloadKey(env), atMs: nowMs }));
}

function failureFile() {
  return path.join(runtimeCache(), 'download-failed.json');
}

function downloadKey(env) {
  const settings = Object.entries(env).filter(([name]) =>
    /electron_.*(mirror|dir|filename|proxy)|^https?_proxy$/i.test(name),
  );
  return [wantedVersion(), ...settings.map(([name, value]) => `${name}=${value}`).toSorted()].join(' ');
}
