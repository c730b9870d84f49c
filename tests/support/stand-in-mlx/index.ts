// Makes a stand-in `mlx_lm.server` executable: a real child process that answers in OpenAI's words and fails on demand.
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What it does with a question, or before one. */
export type StandInModel =
  | 'stand-in/plain'
  | 'stand-in/other'
  /** Ends at its start, as for a name that the Hub does not know. */
  | 'stand-in/unknown'
  /** Never listens. */
  | 'stand-in/hangs'
  /** Begins its answers and never ends them. */
  | 'stand-in/waits'
  /** Dies after its first word. */
  | 'stand-in/crashes';

const program = fileURLToPath(new URL('program.ts', import.meta.url));

/** Writes the executable into `bin` and resolves with its path; it notes in `folder` how it was started and asked. */
export async function makeStandInMlx(folder: string, bin: string): Promise<string> {
  await mkdir(bin, { recursive: true });
  const file = path.join(bin, 'mlx_lm.server');
  const words = [process.execPath, '--disable-warning=ExperimentalWarning', program, folder].map(quoted).join(' ');
  await writeFile(file, `#!/bin/sh\nunset NODE_OPTIONS ELECTRON_RUN_AS_NODE\nexec ${words} "$@"\n`, { mode: 0o755 });
  return file;
}

export interface StandInStart {
  pid: number;
  model: string;
  host: string;
  port: string;
}

/** Every start so far, oldest first. */
export function mlxStarts(folder: string): StandInStart[] {
  return lines(folder, 'starts') as StandInStart[];
}

/** Every body of a question so far. */
export function mlxQuestions(folder: string): Record<string, unknown>[] {
  return lines(folder, 'questions') as Record<string, unknown>[];
}

function lines(folder: string, name: string): unknown[] {
  try {
    const written = readFileSync(path.join(folder, `${name}.jsonl`), 'utf8');
    return written.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
  } catch {
    // It was never started, or never asked.
    return [];
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
