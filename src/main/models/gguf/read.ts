// Opens a GGUF file and reads what it says about itself.
import { type FileHandle, open, stat } from 'node:fs/promises';
import { HearthError } from '../../errors/index.ts';
import { text } from '../../words/index.ts';
import { factsFrom } from './facts.ts';
import { BadHeader, Head } from './head.ts';
import { readHeader } from './header.ts';
import type { ReadGguf } from './interface.ts';

/** The largest vocabularies make a header of about 20 MB. */
const HEADER_MAX_BYTES = 128 * 2 ** 20;

export const readGguf: ReadGguf = async (path, signal) => {
  signal.throwIfAborted();
  let file: FileHandle | null = null;
  try {
    // Asked first: opening a pipe would wait for its other end.
    if (!(await stat(path)).isFile()) throw notAModel(path, 'no_file');
    file = await open(path, 'r');
    const { size } = await file.stat();
    const head = new Head({ file, sizeBytes: size, maxBytes: HEADER_MAX_BYTES, signal });
    return factsFrom(await readHeader(head, size), size);
  } catch (error) {
    if (error instanceof HearthError || signal.aborted) throw error;
    if (error instanceof BadHeader) throw notAModel(path, error.reason);
    throw unreadable(path, error);
  } finally {
    await file?.close();
  }
};

function notAModel(path: string, reason: BadHeader['reason'] | 'no_file'): HearthError {
  return new HearthError('file_not_a_model', { path, reason: text(`ollama:gguf.${reason}`) }, { detail: reason });
}

function unreadable(path: string, cause: unknown): HearthError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  const isNamed = code === 'ENOENT' || code === 'EACCES' || code === 'EPERM';
  const reason = isNamed ? text(`ollama:file.${code}`) : text('ollama:file.other', { code });
  return new HearthError('file_unreadable', { path, reason }, { cause });
}
