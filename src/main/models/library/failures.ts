// What the system or Ollama said while files were worked on, in words.
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';

const NAMED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOENT', 'EBUSY']);
/** As Ollama passes it on from the system. */
const NO_SPACE = /no space left|not enough (?:disk )?space|disk quota exceeded|disk full/i;

/** Half a sentence for a failure of the file system. */
export function systemReason(error: unknown): string {
  const code = codeOf(error);
  return NAMED.has(code) ? text(`ollama:library.system.${code}`) : text('ollama:library.system.other', { code });
}

export function isNoSpace(error: unknown): boolean {
  if (error instanceof HearthError)
    return (
      (error.code === 'backend_failed' || error.code === 'request_refused') &&
      NO_SPACE.test(String(error.params.reason))
    );
  return ['ENOSPC', 'EDQUOT'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

/** What an unfinished work says: errors with a sentence of their own as they are, those made for chats in other words. */
export function workFailure(error: unknown, subject: string): HearthError {
  const failed = (reason: string) => new HearthError('work_failed', { subject, reason }, { cause: error });
  if (!(error instanceof HearthError)) return failed(systemReason(error));
  if (error.code === 'backend_failed' || error.code === 'request_refused') return failed(String(error.params.reason));
  if (error.code === 'stream_cut' || error.code === 'backend_empty') return failed(text('ollama:library.was_cut'));
  return error;
}
