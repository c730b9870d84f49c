// What the values of a header say about the model.
import type { Header, Value } from './header.ts';
import type { GgufFacts } from './interface.ts';
import { quantizationName } from './types.ts';

const NAME_MAX_CHARS = 200;
const EMBEDDING = /bert|^t5encoder$|embedding/i;

export function factsFrom({ values, numbers }: Header, sizeBytes: number): GgufFacts {
  const architecture = textOf(values.get('general.architecture'));
  const own = (name: string) => values.get(`${architecture}.${name}`);
  const splitPart = splitOf(values);
  const kind = textOf(values.get('general.type'));
  const isProjector = kind === 'mmproj' || architecture === 'clip';
  const heads = meanOf(own('attention.head_count'));
  const width = countOf(own('embedding_length'));
  const derivedHead = heads !== null && heads > 0 && width !== null ? Math.round(width / heads) : null;
  const keyLength = countOf(own('attention.key_length')) ?? derivedHead;
  const valueLength = countOf(own('attention.value_length')) ?? derivedHead;
  // Some models keep a cache in every fourth layer only; a list of heads says so by itself.
  const cached = countOf(own('full_attention_interval')) || 1;
  const kvHeads = own('attention.head_count_kv');
  const everyLayer = meanOf(kvHeads) ?? heads;
  return {
    sizeBytes,
    architecture,
    name: textOf(values.get('general.name')),
    // One part does not know of the others' tensors; the maker's label does.
    parameters: splitPart === null ? parametersText(numbers) : textOf(values.get('general.size_label')),
    parameterCount: splitPart === null && numbers > 0 ? numbers : null,
    quantization: quantizationName(countOf(values.get('general.file_type'))),
    contextLength: countOf(own('context_length')),
    layers: countOf(own('block_count')),
    kvHeads: everyLayer === null || typeof kvHeads === 'object' ? everyLayer : everyLayer / cached,
    headSize: keyLength === null || valueLength === null ? null : (keyLength + valueLength) / 2,
    isProjector,
    isAdapter: kind === 'adapter',
    // A text becomes one vector, by its kind or by how its tokens are put together.
    isEmbedding: EMBEDDING.test(architecture ?? '') || (countOf(own('pooling_type')) ?? 0) > 0,
    hasTemplate: values.has('tokenizer.chat_template'),
    hasWeights: numbers > 0,
    splitPart,
  };
}

/** `3.2B`, `70.6B`, `134.52M`, `116K`: as Ollama writes it. Null for none. */
export function parametersText(count: number): string | null {
  if (count <= 0) return null;
  if (count >= 1e12) return rounded(count / 1e12, 1, 'T');
  if (count >= 1e9) return rounded(count / 1e9, 1, 'B');
  if (count >= 1e6) return rounded(count / 1e6, 2, 'M');
  if (count >= 1e3) return rounded(count / 1e3, 0, 'K');
  return String(count);
}

const rounded = (number: number, decimals: number, unit: string) =>
  `${number.toFixed(Number.isInteger(number) ? 0 : decimals)}${unit}`;

/** `split.no` counts from 0. */
function splitOf(values: Header['values']): GgufFacts['splitPart'] {
  const count = countOf(values.get('split.count'));
  const index = countOf(values.get('split.no'));
  return count !== null && count > 1 && index !== null ? { number: index + 1, count } : null;
}

/** In one line, without what a window or a terminal would obey. */
function textOf(value: Value | undefined): string | null {
  if (typeof value !== 'string') return null;
  const line = value
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, NAME_MAX_CHARS);
  return line === '' ? null : line;
}

function countOf(value: Value | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** Some models give one number a layer. */
function meanOf(value: Value | undefined): number | null {
  if (typeof value !== 'object') return countOf(value);
  if (value.length === 0 || value.some((each) => countOf(each) === null)) return null;
  return value.reduce((total, each) => total + each, 0) / value.length;
}
