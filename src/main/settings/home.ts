// Where Hearth keeps its data, and where its local socket stands.
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { dirname, posix, resolve, win32 } from 'node:path';
import { HearthError } from '../errors/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The kernel takes 108 bytes for a socket's path on Linux and 104 on macOS, the closing zero included. */
export const SOCKET_PATH_MAX_BYTES = 100;

/**
 * The folder with everything Hearth keeps: HEARTH_HOME (relative to the working folder), else the system's place for it.
 * The folder need not exist.
 */
export function dataFolder(
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const path = pathsOf(platform);
  if (env.HEARTH_HOME) return path.resolve(env.HEARTH_HOME);
  if (platform === 'win32') return path.join(env.APPDATA || path.join(home, 'AppData', 'Roaming'), 'Hearth');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'Hearth');
  // The XDG specification says that a relative path there is to be ignored.
  const xdg = env.XDG_DATA_HOME && path.isAbsolute(env.XDG_DATA_HOME) ? env.XDG_DATA_HOME : null;
  return path.join(xdg ?? path.join(home, '.local', 'share'), 'hearth');
}

/**
 * The local socket of a data folder: `hearth.sock` inside it, or, where that path is too long for the kernel, one in the
 * runtime or temporary folder whose name is derived from the data folder. On Windows a named pipe.
 */
export function socketPath(
  folder: string,
  platform: NodeJS.Platform = process.platform,
  env: Environment = process.env,
): string {
  const path = pathsOf(platform);
  const resolved = path.resolve(folder);
  if (platform === 'win32')
    return `\\\\.\\pipe\\hearth-${shortHash(`${userInfo().username}\n${resolved.toLowerCase()}`)}`;
  const inside = path.join(resolved, 'hearth.sock');
  if (Buffer.byteLength(inside) <= SOCKET_PATH_MAX_BYTES) return inside;
  const runtime = env.XDG_RUNTIME_DIR && path.isAbsolute(env.XDG_RUNTIME_DIR) ? env.XDG_RUNTIME_DIR : tmpdir();
  return path.join(runtime, `hearth-${process.getuid?.() ?? 0}-${shortHash(resolved)}`, 'hearth.sock');
}

/** Creates the data folder and its folder for models, for this user only. Rejects with `storage_read_only`. */
export function prepareDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    mkdirSync(modelsFolder(folder), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new HearthError('storage_read_only', { path: folder }, { cause: error });
  }
}

/** Where GGUF files are looked for. */
export function modelsFolder(folder: string): string {
  return pathsOf(process.platform).join(folder, 'models');
}

/**
 * Creates the folder a socket will stand in and checks that it belongs to this user alone: in a shared temporary folder
 * somebody else may have made it first. Throws `internal` with the reason in its detail. Does nothing for a named pipe,
 * nor in the data folder: who may write there has the history anyway.
 */
export function prepareSocketFolder(socket: string, dataFolder: string): void {
  const folder = dirname(socket);
  if (process.platform === 'win32' || folder === resolve(dataFolder)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // lstat: a link in its place would be somebody else's trick.
  const stat = lstatSync(folder);
  const refuse = (why: string) => new HearthError('internal', {}, { detail: `The socket folder ${folder} ${why}` });
  if (!stat.isDirectory()) throw refuse('is not a folder');
  if (stat.uid !== process.getuid?.()) throw refuse('belongs to another user');
  if ((stat.mode & 0o022) !== 0) throw refuse('can be written by other users');
}

function pathsOf(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
