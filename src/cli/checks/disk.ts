// Is there room for models and history?
import { statfs } from 'node:fs/promises';
import { dataFolder } from '../../main/settings/index.ts';
import { text } from '../../main/words/index.ts';
import { type Finding, sizeForPeople } from './finding.ts';

/** A small model takes about this much; below it a first download would fail. */
const LOW_BYTES = 5e9;
/** Below this the history itself is in danger. */
const DANGER_BYTES = 100e6;

export async function checkDisk(): Promise<Finding[]> {
  const name = text('cli:doctor.disk.name');
  const todo = text('cli:doctor.disk.todo');
  try {
    // The folder itself: it may be a disk of its own. The check before this one has made it.
    const { bavail, bsize } = await statfs(dataFolder(process.env, process.platform));
    const freeBytes = bavail * bsize;
    const free = sizeForPeople(freeBytes);
    if (freeBytes < DANGER_BYTES)
      return [{ level: 'broken', name, found: text('cli:doctor.disk.low', { free }), todo }];
    if (freeBytes < LOW_BYTES) return [{ level: 'warning', name, found: text('cli:doctor.disk.low', { free }), todo }];
    return [{ level: 'good', name, found: text('cli:doctor.disk.ok', { free }) }];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ level: 'warning', name, found: text('cli:doctor.disk.unknown', { reason }) }];
  }
}
