// Which `ollama` would be started, and whether it can be.
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/**
 * HEARTH_OLLAMA as an absolute path, whether or not anything lies there (a wrong one must not be passed over in silence);
 * else the first `ollama` on PATH that may be run; null when there is none.
 */
export function findOllama(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  const named = env.HEARTH_OLLAMA?.trim();
  if (named) return path.resolve(named);
  const rules = platform === 'win32' ? path.win32 : path.posix;
  // Names of environment variables ignore case on Windows, but not in a copy of the environment.
  const searched = env.PATH ?? (platform === 'win32' ? env.Path : undefined) ?? '';
  for (const folder of searched.split(rules.delimiter)) {
    // An empty or relative entry means the current folder: nothing that lies there by chance is started.
    if (!rules.isAbsolute(folder)) continue;
    const file = rules.join(folder, platform === 'win32' ? 'ollama.exe' : 'ollama');
    if (problemWith(file) === null) return file;
  }
  return null;
}

/** Why the file can't be started, as far as one can tell without trying; null when nothing speaks against it. */
export function problemWith(file: string): 'missing' | 'folder' | 'not_executable' | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return 'missing';
  if (!stats.isFile()) return 'folder';
  try {
    accessSync(file, constants.X_OK);
    return null;
  } catch {
    // The only way access tells: not allowed.
    return 'not_executable';
  }
}
