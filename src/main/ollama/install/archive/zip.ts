// A zip archive, entry by entry, into a folder.
import yauzl from 'yauzl';
import { badArchive } from '../trouble.ts';
import type { UnpackFolder } from './folder.ts';

/** The kind of a file in the upper half of its attributes, where a Unix made the archive. */
const KIND = 0o170000;
const REGULAR = 0o100000;
const FOLDER = 0o040000;
const EXECUTABLE = 0o111;

/**
 * Checksums inside the archive are not looked at: the archive's own has been.
 *
 * @param onProgress compressed bytes of the entries that are done
 */
export async function readZip(
  archive: string,
  folder: UnpackFolder,
  onProgress: (compressedBytes: number) => void,
): Promise<void> {
  const zip = await yauzl.openPromise(archive, { lazyEntries: true, autoClose: false }).catch((error: unknown) => {
    throw sorted(error);
  });
  let done = 0;
  try {
    for await (const entry of entriesOf(zip)) {
      await unpackEntry(zip, entry, folder);
      done += entry.compressedSize;
      onProgress(done);
    }
  } finally {
    zip.close();
  }
}

async function* entriesOf(zip: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  const entries = zip.eachEntry()[Symbol.asyncIterator]();
  for (;;) {
    const next = await entries.next().catch((error: unknown) => {
      throw sorted(error);
    });
    if (next.done === true) return;
    yield next.value;
  }
}

async function unpackEntry(zip: yauzl.ZipFile, entry: yauzl.Entry, folder: UnpackFolder): Promise<void> {
  const mode = entry.externalFileAttributes >>> 16;
  const kind = mode & KIND;
  if (entry.fileName.endsWith('/')) return folder.directory(entry.fileName);
  if ((kind !== 0 && kind !== REGULAR && kind !== FOLDER) || entry.isEncrypted()) throw badArchive('odd_entry');
  const content = await zip.openReadStreamPromise(entry).catch((error: unknown) => {
    throw sorted(error);
  });
  // It may fail before somebody reads from it; whoever reads then is told.
  content.on('error', () => undefined);
  await folder.file(entry.fileName, readable(content), { isExecutable: (mode & EXECUTABLE) !== 0 });
}

async function* readable(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = content[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await pieces.next().catch((error: unknown) => {
        throw badArchive('unreadable', error);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.();
  }
}

/** The package refuses names that lead outside by itself, with a sentence. */
function sorted(error: unknown): unknown {
  const isName =
    error instanceof Error && /relative path|absolute path|invalid characters in fileName/.test(error.message);
  return badArchive(isName ? 'leads_outside' : 'unreadable', error);
}
