// Finds processes that a test run started and left behind, by a mark in their environment (Linux only).
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The variable that marks what a test run starts, and what that starts. */
export const RUN_MARK = 'HEARTH_TEST_RUN';
const LOOK_EVERY_MS = 200;

/**
 * Waits for all marked processes to end and kills what does not.
 * @param {string} mark the run's value of RUN_MARK
 * @param {number} patienceMs how long a process may take to end by itself
 * @returns {Promise<string[]>} the command lines of those that had to be killed
 */
export async function endStrays(mark, patienceMs) {
  const giveUpAtMs = Date.now() + patienceMs;
  let strays = marked(mark);
  while (strays.length > 0 && Date.now() < giveUpAtMs) {
    await sleep(LOOK_EVERY_MS);
    strays = marked(mark);
  }
  for (const { pid } of strays) kill(pid);
  return strays.map(({ pid, command }) => `${pid} ${command}`);
}

function marked(mark) {
  if (process.platform !== 'linux') return [];
  const needle = `${RUN_MARK}=${mark}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(pid, 'environ').split('\0').includes(needle))
    .filter((pid) => !/^\d+ \(.*\) Z/s.test(read(pid, 'stat')))
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }));
}

function read(pid, name) {
  try {
    return readFileSync(path.join('/proc', pid, name), 'utf8');
  } catch {
    // It ended meanwhile, or belongs to somebody else: not one of ours.
    return '';
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
