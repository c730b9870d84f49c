// Builds a folder of the cache in a scratch place and moves it there only when it is whole.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {string} target the folder wanted; nothing is done when it is there
 * @param {(work: string) => Promise<string>} make gets an empty folder on the same disk and returns which folder
 * below it is to become `target`
 * @returns {Promise<string>} `target`
 */
export async function once(target, make) {
  if (existsSync(target)) return target;
  mkdirSync(path.dirname(target), { recursive: true });
  const work = mkdtempSync(path.join(path.dirname(target), 'unfinished-'));
  const cleanUp = () => rmSync(work, { recursive: true, force: true });
  process.once('exit', cleanUp);
  try {
    const made = await make(work);
    // Somebody else may have been faster: theirs is as good.
    if (!existsSync(target)) renameSync(made, target);
    return target;
  } finally {
    process.off('exit', cleanUp);
    cleanUp();
  }
}
