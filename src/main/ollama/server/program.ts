// Which executable is started, and what speaks against it before it is tried.
import { closeSync, openSync, readSync } from 'node:fs';
import type { EngineUse } from '../../../contract/settings.ts';
import { text } from '../../words/index.ts';
import { findOllama, namedOllama, problemWith } from './find.ts';

/** `named`: by HEARTH_OLLAMA; `own`: the one that Hearth has installed. */
export interface Program {
  file: string;
  from: 'named' | 'found' | 'own';
}

export interface ProgramOptions {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  use: EngineUse;
  /** Hearth's own Ollama; null while there is none. */
  ownProgram: () => string | null;
}

/** HEARTH_OLLAMA; else the one the settings want. Where Hearth's own may stand in, it comes after what the user installed. */
export function chooseProgram({ env, platform, use, ownProgram }: ProgramOptions): Program | null {
  const named = namedOllama(env);
  if (named !== null) return { file: named, from: 'named' };
  const found = use === 'found' ? findOllama(env, platform) : null;
  if (found !== null) return { file: found, from: 'found' };
  const own = ownProgram();
  return own === null ? null : { file: own, from: 'own' };
}

/** Why it can't be started, in words for `ollama_start_failed`; null when nothing speaks against it. */
export function whyNotStartable({ file, from }: Program, platform: NodeJS.Platform, arch: string): string | null {
  const problem = problemWith(file);
  if (problem !== null) return text(from === 'own' ? 'ollama:own_damaged' : `ollama:path_${problem}`, { path: file });
  return isForThisComputer(file, platform, arch) ? null : text('ollama:wrong_program', { path: file });
}

/** ELF's numbers of processors. */
const ELF_MACHINE: Partial<Record<string, number>> = { x64: 62, arm64: 183 };
const MACH_O = ['cffaedfe', 'cafebabe', 'feedfacf'];

/**
 * Judged by its first bytes: a shell would take a program of another system for a script and run what it can read of it.
 * What can't be read is left to the system to judge, and so is everything on Windows, where no shell is in between.
 */
function isForThisComputer(file: string, platform: NodeJS.Platform, arch: string): boolean {
  const head = platform === 'win32' ? null : firstBytes(file, 20);
  if (head === null || head.toString('latin1', 0, 2) === '#!') return true;
  if (platform === 'darwin') return MACH_O.includes(head.toString('hex', 0, 4));
  const machine = ELF_MACHINE[arch];
  const isElf = head.length === 20 && head.toString('hex', 0, 4) === '7f454c46';
  return isElf && (machine === undefined || head.readUInt16LE(18) === machine);
}

function firstBytes(path: string, count: number): Buffer | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const head = Buffer.alloc(count);
    return head.subarray(0, readSync(file, head, 0, count, 0));
  } catch {
    // May be run but not read: that is allowed.
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}
