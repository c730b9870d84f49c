// Makes a stand-in `ollama` executable: a real child process that serves recorded exchanges and fails on demand.
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BEHAVIOUR_FILE, REPORT_FILE } from './behaviour.ts';
import type { StandInBehaviour, StandInReport } from './behaviour.ts';

export type { StandInBehaviour, StandInReport } from './behaviour.ts';

const program = fileURLToPath(new URL('program.ts', import.meta.url));

/**
 * Writes an executable `ollama` into the folder and resolves with its path; put the folder on PATH or the path into
 * HEARTH_OLLAMA. It runs with the Node of the caller (24 or newer) and needs nothing of its environment. Called again it
 * changes the behaviour from the next start on. Whatever happens, its processes end after ten minutes.
 */
export async function makeStandInOllama(folder: string, behaviour: StandInBehaviour = {}): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'ollama');
  await writeFile(path.join(folder, BEHAVIOUR_FILE), JSON.stringify(behaviour));
  // A shell that becomes the program: an interpreter line may be no longer than 127 characters on some systems.
  const words = [process.execPath, '--disable-warning=ExperimentalWarning', program, folder].map(quoted).join(' ');
  await writeFile(file, `#!/bin/sh\nunset NODE_OPTIONS ELECTRON_RUN_AS_NODE\nexec ${words} "$@"\n`, { mode: 0o755 });
  return file;
}

/** What the last `ollama serve` of that folder told about itself; throws until there was one. */
export function standInReport(folder: string): StandInReport {
  return JSON.parse(readFileSync(path.join(folder, REPORT_FILE), 'utf8')) as StandInReport;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
