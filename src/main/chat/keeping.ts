// Which backend and model a chat goes on with: those that answered first, until the user changes it there.
import type { BackendsStatus } from '../../contract/backends.ts';
import type { ChatChoice, Message } from '../../contract/conversations.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { textOf } from './context.ts';
import { writerOf } from '../../contract/going-on.ts';

/** With these an engine is not there at all; with any other it failed, and who answered only stood in for it. */
const IS_NOT_HERE: ReadonlySet<ErrorCode> = new Set([
  'ollama_not_installed',
  'mlx_unavailable',
  'engine_unavailable',
  'no_model_installed',
  'no_model_file',
  'backend_off',
]);

/**
 * What a chat without a choice of its own keeps after this answer; null where nothing is to be kept: the demo answered, nothing
 * was said, or another engine stood in for one that failed.
 */
export function keptChoice(answer: Message, status: BackendsStatus): ChatChoice | null {
  const { source } = answer;
  if (source === null || source.kind === 'demo' || textOf(answer) === '') return null;
  if (source.skipped.some(({ reason }) => !IS_NOT_HERE.has(reason.code))) return null;
  return writerOf(source, status) ?? null;
}
