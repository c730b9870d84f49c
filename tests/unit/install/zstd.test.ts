// The decoder for systems whose Node has none: the same bytes, whatever the pieces, and never silently wrong ones.
import { randomBytes } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unzstd } from '../../../src/main/ollama/install/archive/zstd.ts';

async function decoded(packed: Buffer, pieceBytes: number): Promise<Buffer> {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < packed.length; at += pieceBytes) yield packed.subarray(at, at + pieceBytes);
  }
  const held: Uint8Array[] = [];
  for await (const piece of unzstd(pieces())) held.push(piece);
  return Buffer.concat(held);
}
const pack = (bytes: Buffer, params: Record<number, number> = {}): Buffer => zstdCompressSync(bytes, { params });

describe('Zstandard without Node', () => {
  it('gives back what was packed, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3_000 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 4_000 }),
        async (bytes, times, pieceBytes) => {
          const plain = Buffer.concat(Array.from({ length: times }, () => bytes));
          const isSummed = pieceBytes % 2 === 0;
          const packed = pack(plain, { [constants.ZSTD_c_checksumFlag]: Number(isSummed) });
          expect((await decoded(packed, pieceBytes)).equals(plain)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reaches back over a window of 128 MB', { timeout: 60_000 }, async () => {
    const far = randomBytes(1_000_000);
    // What comes again lies 120 MB back: further than a decoder with 32-bit reads can see.
    const plain = Buffer.concat([far, Buffer.alloc(120_000_000, 7), far]);
    const packed = pack(plain, {
      [constants.ZSTD_c_windowLog]: 27,
      [constants.ZSTD_c_enableLongDistanceMatching]: 1,
    });
    expect(packed.length).toBeLessThan(1_500_000);
    expect((await decoded(packed, 256 * 1024)).equals(plain)).toBe(true);
  });

  it('refuses what is cut off, damaged, or something else', async () => {
    const packed = pack(randomBytes(300_000), { [constants.ZSTD_c_checksumFlag]: 1 });
    for (const length of [3, 17, 1_000, packed.length - 1])
      await expect(decoded(packed.subarray(0, length), 4_096)).rejects.toThrow('ends in the middle');
    await expect(decoded(Buffer.from('no zstd, but long enough to be'), 4_096)).rejects.toThrow('not zstd');
    // Past what belongs to no block: the sizes in the heads and the tables no longer fit together.
    const text = pack(Buffer.from('a word, another word, and no word twice '.repeat(9_000)));
    let refused = 0;
    for (let at = 9; at < text.length; at += 1) {
      const damaged = Buffer.from(text);
      damaged[at] = 0xff;
      refused += await decoded(damaged, 4_096).then(
        () => 0,
        () => 1,
      );
    }
    expect(refused).toBeGreaterThan(0);
  });
});
