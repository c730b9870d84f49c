// Zstandard, as a stream: by Node where it can, else by the reference decoder compiled to WebAssembly.
//
// A release is compressed with a window of 128 MB. The decoder of the package takes a piece only as a whole, puts out at most
// what it is told and keeps its errors to itself: it is given the frame block by block, each of which holds at most 128 kB, and
// what comes out is compared with what has to. Whether the archive is the right one its checksum has told before.
import zlib from 'node:zlib';

const BLOCK_MAX_BYTES = 128 * 1024;
const MAGIC = 0xfd2fb528;
/** Magic number and descriptor, which tells how much more there is of the head. */
const HEAD_MIN_BYTES = 5;

/** Null where Node has none: before 22.15, so in Electron 33. */
export function nativeZstd(): (() => NodeJS.ReadWriteStream & AsyncIterable<Buffer>) | null {
  const make: unknown = Reflect.get(zlib, 'createZstdDecompress');
  return typeof make === 'function' ? (make as () => NodeJS.ReadWriteStream & AsyncIterable<Buffer>) : null;
}

/** What the compressed pieces hold. Rejects when they are damaged or end too early. One at a time. */
export async function* unzstd(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const { Zstd } = await import('@hpcc-js/wasm-zstd');
  const decoder = await Zstd.load();
  const cut = frameCutter();
  try {
    copyFaster(decoder);
    decoder.reset();
    for await (const piece of source) {
      for (const part of cut.push(piece)) {
        const held = decoder.decompressChunk(part.bytes, BLOCK_MAX_BYTES);
        if (part.holds === 'something' ? held.length === 0 : held.length !== part.holds)
          throw new Error('the archive is damaged');
        if (held.length > 0) yield held;
      }
    }
    if (!cut.isWhole()) throw new Error('the archive ends in the middle');
  } finally {
    // With its window it holds more memory than all the rest of Hearth.
    await Zstd.unload();
  }
}

/** The package copies each result number by number, which takes fifteen times as long as the decoding. */
function copyFaster(decoder: object): void {
  const memory: unknown = Reflect.get(decoder, '_mainModule');
  if (typeof memory !== 'object' || memory === null || !('heapView' in memory)) return;
  const { heapView } = memory as { heapView: (data: unknown) => Uint8Array };
  Reflect.set(memory, 'heapToUint8Array', (data: unknown) => heapView.call(memory, data).slice());
}

interface FramePart {
  bytes: Buffer;
  /** Bytes that come out of it. */
  holds: number | 'something';
}

interface FrameCutter {
  /** What can be decoded by now, part by part. */
  push(piece: Buffer): Generator<FramePart>;
  isWhole(): boolean;
}

function frameCutter(): FrameCutter {
  let rest: Buffer = Buffer.alloc(0);
  let next: 'head' | 'block' | 'checksum' = 'head';
  let hasChecksum = false;

  /** How long the part at the beginning of `rest` is; null when that can't be told yet. */
  function partBytes(): number | null {
    if (next === 'checksum') return 4;
    if (next === 'head') return rest.length < HEAD_MIN_BYTES ? null : headBytes();
    if (rest.length < 3) return null;
    const head = rest.readUIntLE(0, 3);
    const type = (head >> 1) & 3;
    const size = head >> 3;
    // A reserved type, or more than the format allows.
    if (type === 3 || size > BLOCK_MAX_BYTES) throw new Error('the archive is damaged');
    return 3 + (type === 1 ? 1 : size);
  }

  function headBytes(): number {
    if (rest.readUInt32LE(0) !== MAGIC) throw new Error('this is not zstd');
    const descriptor = rest[4] ?? 0;
    const isSingle = (descriptor & 0x20) !== 0;
    hasChecksum = (descriptor & 4) !== 0;
    const sizeFlag = descriptor >> 6;
    const sizeBytes = sizeFlag === 0 ? Number(isSingle) : 1 << sizeFlag;
    return 5 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0) + sizeBytes;
  }

  /** Of the part at the beginning of `rest`. A block of type 2 is compressed, and none of those is empty. */
  function held(): number | 'something' {
    if (next !== 'block') return 0;
    const head = rest.readUIntLE(0, 3);
    return ((head >> 1) & 3) === 2 ? 'something' : head >> 3;
  }

  function after(part: Buffer): 'head' | 'block' | 'checksum' {
    if (next === 'head') return 'block';
    if (next === 'checksum') return 'head';
    const isLast = ((part[0] ?? 0) & 1) === 1;
    if (!isLast) return 'block';
    return hasChecksum ? 'checksum' : 'head';
  }

  return {
    *push(piece) {
      rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      for (let size = partBytes(); size !== null && size <= rest.length; size = partBytes()) {
        const part = { bytes: rest.subarray(0, size), holds: held() };
        next = after(part.bytes);
        rest = rest.subarray(size);
        yield part;
      }
    },
    isWhole: () => next === 'head' && rest.length === 0,
  };
}
