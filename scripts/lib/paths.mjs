// Where things are: the project's root, the Node and the npm that the scripts use, the cache.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The Node 24 that the devDependency `node` brings (it may not be there yet). */
export function projectNode(root = projectRoot) {
  return path.join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** Where an unpacked Electron and the addon built for it are kept between clones. */
export function runtimeCache(env = process.env) {
  return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'hearth-electron-runtime');
}

/**
 * The environment for tools of node_modules: their commands and the project's Node come first in PATH.
 * @param {NodeJS.ProcessEnv} extra added last
 */
export function toolEnv(extra = {}) {
  const name = Object.keys(process.env).find((key) => key.toLowerCase() === 'path') ?? 'PATH';
  const bins = [path.dirname(projectNode()), path.join(projectRoot, 'node_modules', '.bin')];
  return { ...process.env, [name]: [...bins, process.env[name]].join(path.delimiter), ...extra };
}

/**
 * How to run npm without a shell where possible.
 *
 * Inside `npm start` npm itself says where it is. Elsewhere `npm` of the PATH is taken, which on Windows is a
 * command file and needs a shell.
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function npmCommand(env = process.env) {
  const script = env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script) && existsSync(script)) {
    const node = env.npm_node_execpath && existsSync(env.npm_node_execpath) ? env.npm_node_execpath : process.execPath;
    return { command: node, args: [script], shell: false };
  }
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}
