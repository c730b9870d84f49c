// Everything that has to be in place before a window, the tests, a bench or a screenshot can run.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureElectron, runtimeEnv } from '../electron-runtime/index.mjs';
import { ensureBuilt } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { withSetupLock } from './lock.mjs';
import { projectRoot, toolEnv } from './paths.mjs';
import { ensureTestPrograms, ensureWindowLibraries } from './system.mjs';

/**
 * Packages, Electron, its libraries and the build, each only when something is missing or changed.
 * @returns {Promise<{ electron: import('../electron-runtime/index.mjs').ElectronRuntime, env: NodeJS.ProcessEnv }>}
 * `env` is the environment to run Electron or a tool in
 */
export async function setUpWindow() {
  const ready = await withSetupLock(setUpElectron);
  await ensureBuilt();
  return ready;
}

/** The same without the build, for the dev server, which builds by itself. */
export function setUpDevelopment() {
  return withSetupLock(setUpElectron);
}

/**
 * The same without the build, with a virtual screen and a browser (HEARTH_CHROMIUM) besides: for tests, benches and
 * screenshots, which call `ensureBuilt` when they want it.
 */
export function setUpTests() {
  return withSetupLock(async () => {
    const { electron, env } = await setUpElectron();
    const { chromium } = await ensureTestPrograms();
    return { electron, env: { ...env, HEARTH_CHROMIUM: chromium } };
  });
}

/** What the terminal program needs: packages and the build, no Electron. */
export async function setUpTerminal() {
  await withSetupLock(ensureDependencies);
  await ensureBuilt();
}

async function setUpElectron() {
  await ensureDependencies();
  const electron = await ensureElectron();
  noteForDoctor(electron);
  await ensureWindowLibraries(electron.executable);
  return { electron, env: toolEnv(runtimeEnv(electron)) };
}

/** `hearth doctor` tells which Electron draws the window. */
function noteForDoctor({ version, isFallback }) {
  const file = path.join(projectRoot, 'node_modules', '.hearth-electron.json');
  writeFileSync(file, JSON.stringify({ version, isFallback }));
}
