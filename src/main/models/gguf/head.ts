// The beginning of a file, read forward in pieces: values come out of a window, what nobody wants is jumped over.
import type { FileHandle } from 'node:fs/promises';

const WINDOW_BYTES = 256 * 1024;

/** Why a file is no GGUF file that can be used; the reader puts the sentence around it. */
export class BadHeader extends Error {
  override name = 'BadHeader';
  readonly reason: HeaderFault;

  constructor(reason: HeaderFault) {
    super(reason);
    this.reason = reason;
  }
}
export type HeaderFault = 'no_gguf' | 'old_version' | 'big_endian' | 'truncated' | 'weights_missing' | 'absurd';

interface HeadOptions {
  file: FileHandle;
  sizeBytes: number;
  /** A header longer than this is none. */
  maxBytes: number;
  signal: AbortSignal;
}

export class Head {
  readonly #options: HeadOptions;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;
  #position = 0;

  constructor(options: HeadOptions) {
    this.#options = options;
  }

  /** Bytes from the start of the file. */
  get position(): number {
    return this.#position;
  }

  /**
   * Makes the next bytes available to the reads below. Only every few thousandth call waits for the disk: check `has` first
   * in a loop.
   */
  async need(bytes: number): Promise<void> {
    if (this.has(bytes)) return;
    const { file, sizeBytes, maxBytes, signal } = this.#options;
    signal.throwIfAborted();
    if (this.#position + bytes > sizeBytes) throw new BadHeader('truncated');
    if (this.#position + bytes > maxBytes) throw new BadHeader('absurd');
    const window = Buffer.allocUnsafe(Math.min(Math.max(bytes, WINDOW_BYTES), sizeBytes - this.#position));
    let filled = 0;
    while (filled < window.length) {
      const { bytesRead } = await file.read(window, filled, window.length - filled, this.#position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    // The file has become shorter since its size was asked.
    if (filled < bytes) throw new BadHeader('truncated');
    this.#window = window.subarray(0, filled);
    this.#windowStart = this.#position;
  }

  has(bytes: number): boolean {
    return this.#offset + bytes <= this.#window.length;
  }

  /** Jumps over bytes without reading them. */
  skip(bytes: number): void {
    if (this.#position + bytes > this.#options.sizeBytes) throw new BadHeader('truncated');
    if (this.#position + bytes > this.#options.maxBytes) throw new BadHeader('absurd');
    this.#position += bytes;
    // A jump out of the window leaves it: nothing of it is read any more.
    if (this.#offset > this.#window.length) this.#window = Buffer.alloc(0);
    if (this.#window.length === 0) this.#windowStart = this.#position;
  }

  u32(): number {
    return this.#window.readUInt32LE(this.#take(4));
  }

  /** A count or a length: no file holds as many as a number can't say exactly. */
  u64(): number {
    const value = this.#window.readBigUInt64LE(this.#take(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BadHeader('absurd');
    return Number(value);
  }

  take(bytes: number): Buffer {
    const offset = this.#take(bytes);
    return this.#window.subarray(offset, offset + bytes);
  }

  get #offset(): number {
    return this.#position - this.#windowStart;
  }

  #take(bytes: number): number {
    const offset = this.#offset;
    this.#position += bytes;
    return offset;
  }
}
