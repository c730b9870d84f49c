// The header of a GGUF file: named values, then a list of tensors. Hostile numbers end it early; see README.md.
import { BadHeader, type Head } from './head.ts';
import { tensorBytes } from './types.ts';

/** A number, a text, or a list of numbers. Longer texts and lists are jumped over. */
export type Value = string | number | readonly number[];

export interface Header {
  values: ReadonlyMap<string, Value>;
  /** Numbers in all tensors together. */
  numbers: number;
  tensorCount: number;
}

const MAGIC = 'GGUF';
const KEY_MAX_BYTES = 65_535;
const TEXT_MAX_BYTES = 4_096;
/** Lists that matter have one number a layer. */
const LIST_MAX = 1_024;
const VALUES_MAX = 10_000;
const NESTING_MAX = 4;
const DIMENSIONS_MAX = 8;
const ALIGNMENT = 32;

/** What facts.ts looks at; the rest is not kept. */
const WANTED =
  /^(?:general|split)\.|\.(?:pooling_type|context_length|block_count|embedding_length|full_attention_interval|attention\.(?:head_count|head_count_kv|key_length|value_length))$/;

const TEXT = 8;
const LIST = 9;
/** Bytes of a value by type: u8, i8, u16, i16, u32, i32, f32, bool, (text), (list), u64, i64, f64. */
const VALUE_BYTES: readonly (number | undefined)[] = [1, 1, 2, 2, 4, 4, 4, 1, undefined, undefined, 8, 8, 8];

/** @throws BadHeader */
export async function readHeader(head: Head, sizeBytes: number): Promise<Header> {
  if (sizeBytes < 24) throw new BadHeader('no_gguf');
  await head.need(24);
  if (head.take(4).toString('latin1') !== MAGIC) throw new BadHeader('no_gguf');
  const version = head.u32();
  if (version > 0xffff) throw new BadHeader('big_endian');
  if (version < 2) throw new BadHeader('old_version');
  const tensorCount = head.u64();
  const valueCount = head.u64();
  if (valueCount > VALUES_MAX) throw new BadHeader('absurd');
  const values = new Map<string, Value>();
  for (let index = 0; index < valueCount; index += 1) {
    const key = await readText(head, KEY_MAX_BYTES);
    if (key === null) throw new BadHeader('absurd');
    await head.need(4);
    const value = await readValue(head, head.u32());
    if (value !== null && WANTED.test(key)) values.set(key, value);
    // Only whether there is one: templates are longer than texts that are kept.
    if (key === 'tokenizer.chat_template') values.set(key, 1);
  }
  const alignment = values.get('general.alignment');
  const numbers = await readTensors(head, {
    count: tensorCount,
    sizeBytes,
    alignment: typeof alignment === 'number' && alignment > 0 && alignment <= 2 ** 20 ? alignment : ALIGNMENT,
  });
  return { values, numbers, tensorCount };
}

/** Null when it is longer than wanted; then it is jumped over. */
async function readText(head: Head, maxBytes: number): Promise<string | null> {
  if (!head.has(8)) await head.need(8);
  const length = head.u64();
  if (length > maxBytes) {
    head.skip(length);
    return null;
  }
  if (!head.has(length)) await head.need(length);
  return head.take(length).toString('utf8');
}

async function readValue(head: Head, type: number): Promise<Value | null> {
  if (type === TEXT) return readText(head, TEXT_MAX_BYTES);
  if (type === LIST) return readList(head, 0);
  const bytes = VALUE_BYTES[type];
  if (bytes === undefined) throw new BadHeader('absurd');
  if (!head.has(bytes)) await head.need(bytes);
  return numberOf(head.take(bytes), type);
}

/** A short list of numbers, else null. */
async function readList(head: Head, depth: number): Promise<readonly number[] | null> {
  await head.need(12);
  const type = head.u32();
  const count = head.u64();
  if (type === TEXT) {
    // A vocabulary: some hundred thousand words, of which only the lengths are looked at.
    for (let index = 0; index < count; index += 1) {
      if (!head.has(8)) await head.need(8);
      head.skip(head.u64());
    }
    return null;
  }
  if (type === LIST) {
    if (depth >= NESTING_MAX) throw new BadHeader('absurd');
    for (let index = 0; index < count; index += 1) await readList(head, depth + 1);
    return null;
  }
  const bytes = VALUE_BYTES[type];
  if (bytes === undefined) throw new BadHeader('absurd');
  if (count > LIST_MAX) {
    head.skip(count * bytes);
    return null;
  }
  await head.need(count * bytes);
  return Array.from({ length: count }, () => numberOf(head.take(bytes), type));
}

function numberOf(bytes: Buffer, type: number): number {
  switch (type) {
    case 0:
    case 7:
      return bytes.readUInt8();
    case 1:
      return bytes.readInt8();
    case 2:
      return bytes.readUInt16LE();
    case 3:
      return bytes.readInt16LE();
    case 4:
      return bytes.readUInt32LE();
    case 5:
      return bytes.readInt32LE();
    case 6:
      return bytes.readFloatLE();
    case 10:
      return Number(bytes.readBigUInt64LE());
    case 11:
      return Number(bytes.readBigInt64LE());
    default:
      return bytes.readDoubleLE();
  }
}

/** Counts the numbers of all tensors, and finds out whether the file holds them all. */
async function readTensors(
  head: Head,
  { count, sizeBytes, alignment }: { count: number; sizeBytes: number; alignment: number },
): Promise<number> {
  let numbers = 0;
  let endOfWeights = 0;
  for (let index = 0; index < count; index += 1) {
    if ((await readText(head, KEY_MAX_BYTES)) === null) throw new BadHeader('absurd');
    if (!head.has(4)) await head.need(4);
    const dimensions = head.u32();
    if (dimensions > DIMENSIONS_MAX) throw new BadHeader('absurd');
    if (!head.has(dimensions * 8 + 12)) await head.need(dimensions * 8 + 12);
    let size = 1;
    for (let dimension = 0; dimension < dimensions; dimension += 1) size *= head.u64();
    const type = head.u32();
    const offset = head.u64();
    numbers += size;
    // Not even one bit a number: no format is as small.
    if (numbers > sizeBytes * 8) throw new BadHeader('weights_missing');
    endOfWeights = Math.max(endOfWeights, offset + tensorBytes(type, size));
  }
  const startOfWeights = Math.ceil(head.position / alignment) * alignment;
  if (count > 0 && startOfWeights + endOfWeights > sizeBytes) throw new BadHeader('weights_missing');
  return numbers;
}
