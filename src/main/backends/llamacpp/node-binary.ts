// Which Node runs the engine process. Electron's own can't: its allocator ends the process at allocations of 1 GiB.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { HearthError } from '../../errors/index.ts';

/** What node-llama-cpp needs. */
export const NODE_MIN_MAJOR = 20;
const VERSION_LIMIT_MS = 5_000;

export interface NodeSearch {
  /** The folder of the installation; its node_modules and those above it are looked through. */
  appRoot: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The program that runs now. */
  self?: { execPath: string; node: string; isElectron: boolean };
}

/**
 * The path of a Node of version 20 or more: HEARTH_NODE (that one or none), else the Node that runs this, else the npm
 * package `node` of the installation, else `node` on PATH. Rejects with `engine_unavailable` and says what is missing.
 */
export async function findNode(search: NodeSearch): Promise<string> {
  const { appRoot, env, self = ownNode() } = search;
  if (env.HEARTH_NODE) {
    const named = resolve(env.HEARTH_NODE);
    if (await isUsable(named)) return named;
    throw unavailable(`HEARTH_NODE names ${named}, which is not a Node.js of version ${NODE_MIN_MAJOR} or later.`);
  }
  if (!self.isElectron && major(self.node) >= NODE_MIN_MAJOR) return self.execPath;
  for (const candidate of [...installedNodes(appRoot), ...nodesOnPath(env)]) {
    if (await isUsable(candidate)) return candidate;
  }
  throw unavailable(
    `it needs Node.js ${NODE_MIN_MAJOR} or later and none was found. Install Node.js, or name one in HEARTH_NODE.`,
  );
}

function ownNode(): { execPath: string; node: string; isElectron: boolean } {
  return { execPath: process.execPath, node: process.versions.node, isElectron: 'electron' in process.versions };
}

function programName(): string {
  return process.platform === 'win32' ? 'node.exe' : 'node';
}

function installedNodes(appRoot: string): string[] {
  const found: string[] = [];
  for (let folder = resolve(appRoot); ; folder = dirname(folder)) {
    found.push(join(folder, 'node_modules', 'node', 'bin', programName()));
    if (dirname(folder) === folder) return found;
  }
}

function nodesOnPath(env: NodeSearch['env']): string[] {
  return (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, programName()));
}

async function isUsable(path: string): Promise<boolean> {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return false;
  }
  return major(await versionOf(path)) >= NODE_MIN_MAJOR;
}

/** What `--version` prints, for example `v24.9.0`; empty when the program does not say. */
function versionOf(path: string): Promise<string> {
  return new Promise((told) => {
    execFile(
      path,
      ['--version'],
      { timeout: VERSION_LIMIT_MS, windowsHide: true, killSignal: 'SIGKILL' },
      (error, stdout) => told(error ? '' : stdout),
    );
  });
}

function major(version: string): number {
  return Number(/^v?(\d+)\./.exec(version.trim())?.[1] ?? 0);
}

function unavailable(reason: string): HearthError {
  return new HearthError('engine_unavailable', { reason });
}
