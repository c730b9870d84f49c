// An archive of a release, by its kind, into an empty folder.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { HearthError } from '../../../errors/index.ts';
import { badArchive, codeOf } from '../trouble.ts';
import { unpackFolder } from './folder.ts';
import { readTar } from './tar.ts';
import { readZip } from './zip.ts';
import { nativeZstd, unzstd } from './zstd.ts';

export interface UnpackOptions {
  archive: string;
  /** The name in the release tells the kind: `.tar.zst`, `.tgz` or `.zip`. */
  name: string;
  /** Empty, and on the disk where it will stay. */
  to: string;
  /** What all files may take together. */
  maxBytes: number;
  signal: AbortSignal;
  /** From 0 to 1. */
  onProgress: (fraction: number) => void;
  /** Use Node's own zstd where there is one. Default: true. */
  isNativeAllowed?: boolean;
}

/** Resolves with the bytes of all files. Rejects with `install_bad_archive`, the signal's reason, or an error of the disk. */
export async function unpack(options: UnpackOptions): Promise<number> {
  const { archive, name, to, signal, onProgress } = options;
  const { size } = await stat(archive);
  const folder = unpackFolder(to, options);
  if (name.endsWith('.zip')) await readZip(archive, folder, (bytes) => onProgress(Math.min(1, bytes / size)));
  else
    await readTar(
      plainTar(options, (bytes) => onProgress(bytes / size)),
      folder,
    );
  signal.throwIfAborted();
  return await folder.finish();
}

const PIECE_BYTES = 256 * 1024;

async function* plainTar(
  { archive, name, signal, isNativeAllowed = true }: UnpackOptions,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const source = createReadStream(archive, { highWaterMark: PIECE_BYTES });
  try {
    for await (const piece of decompressed(name, counted(source, onRead), isNativeAllowed)) {
      signal.throwIfAborted();
      yield piece;
    }
  } catch (error) {
    signal.throwIfAborted();
    // The disk's own trouble is told as such; what a decoder says is about the archive.
    throw error instanceof HearthError || /^E[A-Z]+$/.test(codeOf(error)) ? error : badArchive('unreadable', error);
  } finally {
    source.destroy();
  }
}

async function* counted(source: AsyncIterable<Buffer>, onRead: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.length;
    onRead(bytes);
    yield piece;
  }
}

function decompressed(
  name: string,
  source: AsyncIterable<Buffer>,
  isNativeAllowed: boolean,
): AsyncIterable<Uint8Array> {
  const native = isNativeAllowed ? nativeZstd() : null;
  if (name.endsWith('.zst') && native === null) return unzstd(source);
  const decoder = name.endsWith('.zst') && native !== null ? native() : createGunzip();
  // What breaks reaches whoever reads the last stream.
  return pipeline(source, decoder, () => undefined);
}
