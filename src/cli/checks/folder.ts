// Can Hearth write where it keeps everything?
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dataFolder } from '../../main/settings/index.ts';
import { text } from '../../main/words/index.ts';
import type { Finding } from './finding.ts';

export async function checkFolder(): Promise<Finding[]> {
  const folder = dataFolder(process.env, process.platform);
  const name = text('cli:doctor.folder.name');
  const probe = path.join(folder, `.write-test-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(probe, 'hearth');
    await rm(probe);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const found = text('cli:doctor.folder.bad', { path: folder, reason });
    return [{ level: 'broken', name, found, todo: text('cli:doctor.folder.todo') }];
  }
  return [{ level: 'good', name, found: text('cli:doctor.folder.ok', { path: folder }) }];
}
