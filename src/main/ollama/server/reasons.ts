// Why the server did not start or ended, in words.
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import type { ChildEnd } from './child.ts';
import { lastWords } from './lines.ts';

/** How `sh` tells that it could not run a file: not executable, not found (or its interpreter not). */
const NOT_ALLOWED = 126;
const NOT_RUN = [NOT_ALLOWED, 127];
/** Windows' status for a program whose libraries are not all there. */
const DLL_NOT_FOUND = 0xc0_00_01_35;

/** What is known to go wrong, by what the system and Ollama say of it; the group is what the sentence names. */
const KNOWN: readonly { says: RegExp; key: string; names?: 'address' | 'library' }[] = [
  {
    says: /listen tcp (\S+): bind: (?:address already in use|Only one usage of each)/,
    key: 'port_in_use',
    names: 'address',
  },
  { says: /listen tcp (\S+): bind: .*(?:permission denied|forbidden)/, key: 'port_not_allowed', names: 'address' },
  { says: /error while loading shared libraries: ([^:\s]+)/, key: 'library_missing', names: 'library' },
  { says: /Error loading shared library ([^:\s]+)/, key: 'library_missing', names: 'library' },
  { says: /Library not loaded: (\S+)/, key: 'library_missing', names: 'library' },
  { says: /version [`']([^']+)' not found/, key: 'system_too_old', names: 'library' },
  { says: /Exec format error|cannot execute binary file/i, key: 'wrong_program' },
  { says: /(?:mkdir|open|chmod|create\S*) .*(?:permission denied|Access is denied)/i, key: 'folder_not_allowed' },
];

/** The `reason` of `ollama_start_failed` when the program ended before it was ready. */
export function reasonOfEnd(program: string, end: ChildEnd, lines: readonly string[]): string {
  const path = program;
  if ('problem' in end) {
    const isDenied = end.problem === 'EACCES' || end.problem === 'EPERM';
    return text(isDenied ? 'ollama:not_allowed' : 'ollama:not_spawned', { path, problem: end.problem });
  }
  const said = lastWords(lines);
  const known = knownReason(path, lines, said ?? '');
  if (known !== null) return known;
  if ('code' in end) {
    if (end.code === DLL_NOT_FOUND) return text('ollama:library_missing_unnamed', { path });
    if (end.code === NOT_ALLOWED && lines.some((line) => /permission denied/i.test(line)))
      return text('ollama:not_allowed', { path, problem: howItEnded(end) });
    if (NOT_RUN.includes(end.code)) return text('ollama:not_a_program', { path, how: howItEnded(end) });
    // `serve` does not end by itself: a program that is content with the word is another one.
    if (end.code === 0) return text('ollama:not_ollama', { path, said: said ?? '' });
  }
  if (said === null) return text('ollama:ended_silent', { path, how: howItEnded(end) });
  return text('ollama:ended_saying', { path, how: howItEnded(end), said });
}

/** Of a server that was ready and ended without being asked. */
export function problemOfEnd(end: ChildEnd): HearthError {
  return new HearthError('ollama_ended', { how: howItEnded(end) });
}

/** While it waits to be started again: a start that failed is one more end, and not the last word. */
export function whyRestarted(problem: HearthError): HearthError {
  if (problem.code !== 'ollama_start_failed') return problem;
  return new HearthError('ollama_ended', { how: problem.params.reason ?? '' }, { cause: problem });
}

/** After too many ends: how many, and what it said last. */
export function gaveUp(end: {
  times: number;
  windowMs: number;
  problem: HearthError;
  lastLines: readonly string[];
}): HearthError {
  const { times, windowMs, problem, lastLines } = end;
  const minutes = Math.round(windowMs / 6_000) / 10;
  const { how: ending, reason } = whyRestarted(problem).params;
  const said = lastWords(lastLines) ?? String(ending ?? reason ?? problem.message);
  return new HearthError('ollama_gave_up', { times, minutes, said: said.replace(/\.+$/, '') }, { cause: problem });
}

function knownReason(path: string, lines: readonly string[], said: string): string | null {
  for (const { says, key, names } of KNOWN) {
    const found = lines.map((line) => says.exec(line)).findLast((match) => match !== null);
    if (found)
      return text(`ollama:${key}`, { path, said, ...(names === undefined ? {} : { [names]: found[1] ?? '' }) });
  }
  return null;
}

/** `exit code 1`, `signal SIGKILL`, or the system's word. */
export function howItEnded(end: ChildEnd): string {
  if ('problem' in end) return end.problem;
  return 'code' in end ? text('ollama:exit_code', { code: end.code }) : text('ollama:signal', { signal: end.signal });
}
