// A tar archive, entry by entry, into a folder.
import { Parser, type ReadEntry } from 'tar';
import { badArchive } from '../trouble.ts';
import type { UnpackFolder } from './folder.ts';

const EXECUTABLE = 0o111;
/** The same thing in the words of different times. */
const FILES = new Set(['File', 'OldFile', 'ContiguousFile']);

/** @param plain the archive after its decompression; more of it is taken only when what came before has been written */
export async function readTar(plain: AsyncIterable<Uint8Array>, folder: UnpackFolder): Promise<void> {
  let failure: { error: unknown } | null = null;
  let tellFailed: () => void = () => undefined;
  const failed = new Promise<void>((resolve) => {
    tellFailed = resolve;
  });
  let current: ReadEntry | null = null;
  const fail = (error: unknown): void => {
    failure ??= { error };
    tellFailed();
    // Whoever waits for the rest of it must not wait for ever.
    current?.destroy();
  };

  let written = Promise.resolve();
  const unpackNext = async (entry: ReadEntry): Promise<void> => {
    if (failure !== null) return;
    current = entry;
    try {
      await unpackEntry(entry, folder);
      // What was not wanted has to flow away, or the next one never comes.
      entry.resume();
    } catch (error) {
      fail(error);
    }
    current = null;
  };
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      written = written.then(() => unpackNext(entry));
    },
  });
  parser.on('error', (error: Error) => fail(badArchive('unreadable', error)));
  parser.on('ignoredEntry', () => fail(badArchive('odd_entry')));
  const ended = new Promise<void>((resolve) => {
    parser.once('end', resolve);
  });
  const hasFailed = (): boolean => failure !== null;

  try {
    for await (const piece of plain) {
      if (hasFailed()) break;
      if (!parser.write(asBuffer(piece))) await Promise.race([drained(parser), failed]);
    }
    if (!hasFailed()) parser.end();
    await Promise.race([ended, failed]);
  } catch (error) {
    fail(error);
  }
  await written;
  const end = failure as { error: unknown } | null;
  if (end !== null) throw end.error;
}

function drained(parser: Parser): Promise<void> {
  return new Promise((resolve) => {
    parser.once('drain', resolve);
  });
}

async function unpackEntry(entry: ReadEntry, folder: UnpackFolder): Promise<void> {
  const { type, path, linkpath = '' } = entry;
  const isExecutable = ((entry.mode ?? 0) & EXECUTABLE) !== 0;
  if (FILES.has(type)) await folder.file(path, entry, { isExecutable });
  else if (type === 'Directory') await folder.directory(path);
  else if (type === 'SymbolicLink') await folder.symbolicLink(path, linkpath);
  else if (type === 'Link') await folder.hardLink(path, linkpath);
  else throw badArchive('odd_entry');
}

function asBuffer(piece: Uint8Array): Buffer {
  return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
}
