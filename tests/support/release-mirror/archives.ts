// Archives as a release has them, and such as no release should: any name, any link, any kind of entry.
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Header } from 'tar';

export interface Entry {
  name: string;
  content?: Buffer | string;
  mode?: number;
  /** For a link: where it leads. */
  target?: string;
  /** Default: a file, or a folder when the name ends in a slash. */
  kind?: 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO';
  /** What the archive says of the size, when that is not the truth. */
  toldBytes?: number;
}

const BLOCK = 512;

export function tarOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? '');
    const header = Buffer.alloc(BLOCK);
    const type = entry.kind ?? (entry.name.endsWith('/') ? 'Directory' : 'File');
    new Header({
      path: entry.name,
      type,
      mode: entry.mode ?? 0o644,
      size: entry.toldBytes ?? content.length,
      mtime: new Date(0),
      ...(entry.target === undefined ? {} : { linkpath: entry.target }),
    }).encode(header);
    const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
    return [header, content, padding];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

export const tgzOf = (entries: readonly Entry[]): Buffer => gzipSync(tarOf(entries));
export const tarZstOf = (entries: readonly Entry[]): Buffer => zstdCompressSync(tarOf(entries));

/** By the name of the archive in a release. */
export function archiveOf(name: string, entries: readonly Entry[]): Buffer {
  if (name.endsWith('.zip')) return zipOf(entries);
  return name.endsWith('.tgz') ? tgzOf(entries) : tarZstOf(entries);
}

export function zipOf(entries: readonly Entry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? '');
    const packed = deflateRawSync(content);
    const name = Buffer.from(entry.name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(entry.toldBytes ?? content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, name, packed]);
    const kind = entry.kind === 'SymbolicLink' ? 0o120000 : 0o100000;
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((((entry.mode ?? 0o644) | kind) << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, tail, name]));
    locals.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, list, Buffer.from('PK\u0005\u0006'), end]);
}
