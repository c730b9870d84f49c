// Which Electron would draw the window?
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from '../../main/words/index.ts';
import { programsHere } from '../connect.ts';
import type { Finding } from './finding.ts';

/** Left by scripts/start.mjs and scripts/test.mjs: which runtime they found. */
interface RuntimeRecord {
  version: string;
  isFallback: boolean;
}

export function checkElectron(): Finding[] {
  const name = text('cli:doctor.electron.name');
  const record = readRecord(path.join(programsHere().appRoot, 'node_modules/.hearth-electron.json'));
  if (record === null) {
    return [
      { level: 'note', name, found: text('cli:doctor.electron.missing'), todo: text('cli:doctor.electron.todo') },
    ];
  }
  const key = record.isFallback ? 'cli:doctor.electron.fallback' : 'cli:doctor.electron.ok';
  return [{ level: record.isFallback ? 'note' : 'good', name, found: text(key, { version: record.version }) }];
}

function readRecord(file: string): RuntimeRecord | null {
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RuntimeRecord;
  } catch {
    // Half-written by a setup that was cut off; the next one writes it again.
    return null;
  }
}
