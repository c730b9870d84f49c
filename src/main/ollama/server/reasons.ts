// Why the server did not start or ended, in words.
import { text } from '../../words/index.ts';
import type { ChildEnd } from './child.ts';
import { lastWords } from './lines.ts';

/** How `sh` tells that it could not run a file: not executable, not found (or its interpreter not). */
const NOT_RUN = [126, 127];

/** The `reason` of `ollama_start_failed` when the program ended before it was ready. */
export function reasonOfEnd(program: string, end: ChildEnd, lines: readonly string[]): string {
  if ('problem' in end) return text('ollama:not_spawned', { path: program, problem: end.problem });
  if ('code' in end && NOT_RUN.includes(end.code))
    return text('ollama:not_a_program', { path: program, how: how(end) });
  const said = lastWords(lines);
  if (said === null) return text('ollama:ended_silent', { path: program, how: how(end) });
  return text('ollama:ended_saying', { path: program, how: how(end), said });
}

/** A sentence for a server that was ready and ended without being asked. */
export function sentenceOfEnd(end: ChildEnd): string {
  return text('ollama:stopped_by_itself', { how: how(end) });
}

function how(end: ChildEnd): string {
  if ('problem' in end) return end.problem;
  return 'code' in end ? text('ollama:exit_code', { code: end.code }) : text('ollama:signal', { signal: end.signal });
}
