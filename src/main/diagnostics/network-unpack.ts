// Bodies that a server packed, or wrote in another charset, although nobody asked it to: unpacked as they come.
//
// Proxies do it, and some say so of a body that is plain. Its first bytes decide then; a body that is called neither passes
// through untouched.
import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';

/** Enough to tell a packed body from a plain one. */
const HEAD_BYTES = 4;

interface Packing {
  isPacked: (head: Buffer) => boolean;
  unpacker: () => Transform;
}

// The end of the connection says whether a body is whole; some servers leave out the last bytes of the packing.
const LENIENT = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const { BROTLI_OPERATION_FLUSH } = zlib.constants;
const startsWith =
  (...bytes: number[]) =>
  (head: Buffer) =>
    bytes.every((byte, index) => head[index] === byte);
const isZlib = (head: Buffer) => ((head[0] ?? 0) & 0x0f) === 8 && head.readUInt16BE(0) % 31 === 0;
/** These packings have no mark at their beginning: what reads as text is taken for it. */
const isNoText = (head: Buffer) => !/^[\t\n\r\x20-\x7e]+$/.test(head.toString('latin1'));

const GZIP: Packing = { isPacked: startsWith(0x1f, 0x8b), unpacker: () => zlib.createGunzip(LENIENT) };
const ZLIB: Packing = {
  isPacked: (head) => head.length > 1 && isZlib(head),
  unpacker: () => zlib.createInflate(LENIENT),
};
const DEFLATE: Packing = { isPacked: isNoText, unpacker: () => zlib.createInflateRaw(LENIENT) };
const BROTLI: Packing = {
  isPacked: isNoText,
  unpacker: () => zlib.createBrotliDecompress({ flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH }),
};
const ZSTD: Packing = { isPacked: startsWith(0x28, 0xb5, 0x2f, 0xfd), unpacker: () => zlib.createZstdDecompress() };

/** `deflate` means both of its kinds. */
const PACKINGS: Readonly<Record<string, readonly Packing[]>> = {
  gzip: [GZIP],
  'x-gzip': [GZIP],
  deflate: [ZLIB, DEFLATE],
  br: [BROTLI],
  // Not in every Node that Hearth's terminal runs on.
  ...('createZstdDecompress' in zlib ? { zstd: [ZSTD] } : {}),
};

/** The body in plain UTF-8, as far as its headers tell how it is written. */
export function unpacked(message: IncomingMessage): Readable {
  const { 'content-encoding': encodings, 'content-type': contentType } = message.headers;
  let body: Readable = message;
  // The last one named was put on last.
  for (const name of (encodings ?? '').toLowerCase().split(',').toReversed()) {
    const packings = PACKINGS[name.trim()];
    if (packings !== undefined) body = through(body, (head) => packings.find((one) => one.isPacked(head))?.unpacker());
  }
  const charset = charsetOf(contentType);
  return charset === null ? body : through(body, () => recoder(charset));
}

/** Null for UTF-8, and for a name that nobody knows. */
function charsetOf(contentType: string | undefined): string | null {
  const [, named] = /;\s*charset="?([\w-]+)/i.exec(contentType ?? '') ?? [];
  if (named === undefined || /^utf-?8$/i.test(named)) return null;
  try {
    return new TextDecoder(named).encoding;
  } catch {
    return null;
  }
}

function recoder(charset: string): Transform {
  const decoder = new TextDecoder(charset);
  return new Transform({
    transform: (chunk: Uint8Array, _encoding, done) => done(null, decoder.decode(chunk, { stream: true })),
    flush: (done) => done(null, decoder.decode()),
  });
}

/** @param choose what the body goes through, by its first bytes; undefined: it is what it should be already */
function through(body: Readable, choose: (head: Buffer) => Transform | undefined): Readable {
  let inner: Transform | undefined | null = null;
  let head = Buffer.alloc(0);
  const out = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (inner === null) {
        head = Buffer.concat([head, chunk]);
        if (head.length < HEAD_BYTES) return done();
        begin();
        return pass(head, done);
      }
      return pass(chunk, done);
    },
    flush(done) {
      if (inner === null && head.length > 0) {
        begin();
        return pass(head, () => end(done));
      }
      return end(done);
    },
  });

  function begin(): void {
    inner = choose(head.subarray(0, HEAD_BYTES));
    inner?.on('data', (piece: Buffer) => out.push(piece));
    inner?.once('error', (error) => out.destroy(error));
  }
  /** Whoever unpacks has handed on what is in a piece when it calls back. */
  function pass(chunk: Buffer, done: (error?: Error | null) => void): void {
    if (inner) inner.write(chunk, (error) => done(error));
    else {
      out.push(chunk);
      done();
    }
  }
  function end(done: () => void): void {
    if (!inner) return done();
    inner.once('end', done);
    inner.end();
  }

  out.once('close', () => inner?.destroy());
  // An error reaches the reader through what comes out.
  pipeline(body, out, () => {});
  return out;
}
