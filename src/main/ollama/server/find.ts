// Which `ollama` would be started, and whether it can be.
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import path from 'node:path';

/** HEARTH_OLLAMA as an absolute path, whether or not anything lies there: a wrong one must not be passed over in silence. */
export function namedOllama(env: NodeJS.ProcessEnv): string | null {
  const named = env.HEARTH_OLLAMA?.trim();
  return named ? path.resolve(named) : null;
}

/** The first `ollama` on PATH, else where its installers put it, that may be run; null when there is none. */
export function findOllama(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  const rules = platform === 'win32' ? path.win32 : path.posix;
  // Names of environment variables ignore case on Windows, but not in a copy of the environment.
  const searched = env.PATH ?? (platform === 'win32' ? env.Path : undefined) ?? '';
  for (const folder of [...searched.split(rules.delimiter), ...usualFolders(env, platform)]) {
    // An empty or relative entry means the current folder: nothing that lies there by chance is started.
    if (!rules.isAbsolute(folder)) continue;
    const file = rules.join(folder, platform === 'win32' ? 'ollama.exe' : 'ollama');
    if (problemWith(file) === null) return file;
  }
  return null;
}

/** An app that was not started in a terminal gets a PATH without these. */
function usualFolders(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const inApp = 'Applications/Ollama.app/Contents/Resources';
  if (platform === 'darwin')
    return ['/usr/local/bin', '/opt/homebrew/bin', `/${inApp}`, ...(env.HOME ? [`${env.HOME}/${inApp}`] : [])];
  if (platform === 'win32' && env.LOCALAPPDATA) return [path.win32.join(env.LOCALAPPDATA, 'Programs', 'Ollama')];
  return [];
}

/** Why the file can't be started, as far as one can tell without trying; null when nothing speaks against it. */
export function problemWith(file: string): 'missing' | 'folder' | 'not_executable' | null {
  const stats = statsOf(file);
  if (stats === 'not_executable' || stats === 'missing') return stats;
  if (!stats.isFile()) return 'folder';
  try {
    accessSync(file, constants.X_OK);
    return null;
  } catch {
    // The only way access tells: not allowed.
    return 'not_executable';
  }
}

/** A folder on PATH may be closed to this user, lie on a drive that is gone, or be a circle of links. */
function statsOf(file: string): Stats | 'missing' | 'not_executable' {
  try {
    return statSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? 'not_executable' : 'missing';
  }
}
