// Whether a folder can take the models: a full path, empty or new, and not entangled with the old one.
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import { isInside } from './builtin-files.ts';
import { systemReason } from './failures.ts';

/** What systems put into every folder or disk by themselves. */
const IGNORED = new Set(['.DS_Store', 'lost+found', 'System Volume Information', '$RECYCLE.BIN', 'desktop.ini']);

/**
 * Rejects with `folder_unusable`.
 * @param options.leftBy names that an attempt of ours left there, if it did
 */
export async function requireUsableFolder(
  to: string,
  options: { from: string; leftBy: readonly string[] },
): Promise<void> {
  const refuse = (why: string, values: Record<string, string> = {}) =>
    new HearthError('folder_unusable', { path: to, reason: text(`ollama:library.folder_${why}`, values) });
  if (!path.isAbsolute(to)) throw refuse('relative');
  try {
    const [target, source] = await Promise.all([realPath(to), realPath(options.from)]);
    if (target === source) throw refuse('same');
    if (isInside(target, source)) throw refuse('inside');
    if (isInside(source, target)) throw refuse('around');
    const stats = await stat(to).catch(missing);
    if (stats === null) return;
    if (!stats.isDirectory()) throw refuse('file');
    const names = await readdir(to);
    if (names.some((name) => !IGNORED.has(name) && !options.leftBy.includes(name))) throw refuse('full');
  } catch (error) {
    throw error instanceof HearthError ? error : unusable(to, error);
  }
}

export function unusable(folder: string, error: unknown): HearthError {
  return new HearthError('folder_unusable', { path: folder, reason: systemReason(error) }, { cause: error });
}

/** With every link followed, as far as the path is there. */
async function realPath(folder: string): Promise<string> {
  const found = await realpath(folder).catch(missing);
  if (found !== null) return found;
  const above = path.dirname(folder);
  return above === folder ? folder : path.join(await realPath(above), path.basename(folder));
}

function missing(error: NodeJS.ErrnoException): null {
  if (error.code !== 'ENOENT') throw error;
  return null;
}
