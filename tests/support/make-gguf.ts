// GGUF files of a test's own: a header with chosen values and tensors, and zeros for weights.

export type MadeValue =
  | { type: 'text'; value: string }
  | { type: 'u32'; value: number }
  | { type: 'u64'; value: bigint }
  | { type: 'texts'; value: readonly string[] }
  | { type: 'u32s'; value: readonly number[] }
  /** Bytes as they are: a type number and what follows it. */
  | { type: 'raw'; value: Buffer };

export interface MadeGguf {
  magic?: string;
  version?: number;
  values?: readonly (readonly [key: string, value: MadeValue])[];
  /** Said in the header instead of how many there are. */
  valueCount?: bigint;
  tensorCount?: bigint;
  /** 32-bit numbers; their weights lie behind each other. */
  tensors?: readonly { name: string; shape: readonly (number | bigint)[]; type?: number; bytes?: number }[];
}

const ALIGNMENT = 32;

export function makeGguf({ magic = 'GGUF', version = 3, values = [], tensors = [], ...counts }: MadeGguf): Buffer {
  const infos: Buffer[] = [];
  let weights = 0;
  for (const { name, shape, type = 0, bytes } of tensors) {
    infos.push(
      text(name),
      u32(shape.length),
      ...shape.map((each) => u64(BigInt(each))),
      u32(type),
      u64(BigInt(weights)),
    );
    weights += bytes ?? shape.reduce<number>((product, each) => product * Number(each), 4);
  }
  const head = Buffer.concat([
    Buffer.from(magic, 'latin1'),
    u32(version),
    u64(counts.tensorCount ?? BigInt(tensors.length)),
    u64(counts.valueCount ?? BigInt(values.length)),
    ...values.flatMap(([key, value]) => [text(key), encoded(value)]),
    ...infos,
  ]);
  const padding = Buffer.alloc((ALIGNMENT - (head.length % ALIGNMENT)) % ALIGNMENT);
  return Buffer.concat([head, padding, Buffer.alloc(weights)]);
}

/** The values of a small model of the llama family. */
export function llamaValues(change: Record<string, MadeValue> = {}): [string, MadeValue][] {
  return Object.entries({
    'general.architecture': { type: 'text', value: 'llama' },
    'general.name': { type: 'text', value: 'Made for a test' },
    'general.file_type': { type: 'u32', value: 15 },
    'llama.context_length': { type: 'u32', value: 131_072 },
    'llama.block_count': { type: 'u32', value: 28 },
    'llama.embedding_length': { type: 'u32', value: 3_072 },
    'llama.attention.head_count': { type: 'u32', value: 24 },
    'llama.attention.head_count_kv': { type: 'u32', value: 8 },
    ...change,
  } satisfies Record<string, MadeValue>);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

const text = (value: string) => Buffer.concat([u64(BigInt(Buffer.byteLength(value))), Buffer.from(value)]);

function encoded(made: MadeValue): Buffer {
  switch (made.type) {
    case 'text':
      return Buffer.concat([u32(8), text(made.value)]);
    case 'u32':
      return Buffer.concat([u32(4), u32(made.value)]);
    case 'u64':
      return Buffer.concat([u32(10), u64(made.value)]);
    case 'texts':
      return Buffer.concat([u32(9), u32(8), u64(BigInt(made.value.length)), ...made.value.map(text)]);
    case 'u32s':
      return Buffer.concat([u32(9), u32(4), u64(BigInt(made.value.length)), ...made.value.map(u32)]);
    case 'raw':
      return made.value;
    default:
      return made satisfies never;
  }
}
