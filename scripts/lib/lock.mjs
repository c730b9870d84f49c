// One setup at a time: two terminals that start Hearth in a fresh clone must not install over each other.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from './paths.mjs';
import { say, SetupError } from './terminal.mjs';

const WAIT_LIMIT_MS = 30 * 60_000;
const LOOK_EVERY_MS = 250;

/**
 * Runs `work` while no other process sets this checkout up. A lock left by a process that is gone is taken over.
 * @template T
 * @param {() => Promise<T>} work
 * @param {{ file?: string, waitLimitMs?: number }} [options]
 * @returns {Promise<T>}
 */
export async function withSetupLock(work, options = {}) {
  const { file = path.join(projectRoot, '.hearth-setup.lock'), waitLimitMs = WAIT_LIMIT_MS } = options;
  const giveUpAtMs = Date.now() + waitLimitMs;
  let isTold = false;
  while (!take(file)) {
    const holder = readHolder(file);
    if (holder !== undefined && !isAlive(holder)) {
      rmSync(file, { force: true });
      continue;
    }
    if (Date.now() > giveUpAtMs) {
      throw new SetupError(`Another setup (process ${holder}) does not finish. End it, or delete ${file}.`);
    }
    if (!isTold) say(`waiting for another setup of this folder (process ${holder ?? 'just starting'})`);
    isTold = true;
    await sleep(LOOK_EVERY_MS);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The process in the lock file; undefined when it was just created or just removed. */
function readHolder(file) {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
