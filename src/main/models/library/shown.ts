// What /api/show says about a model, in the words of the contract.
import { Capability } from '../../../contract/models.ts';
import { countFrom } from '../../diagnostics/index.ts';
import type { ShownModel } from '../../ollama/index.ts';
import type { ModelFacts } from '../fit/interface.ts';
import { parseParameters } from './parameters.ts';

/** Those that Hearth knows; newer servers may tell more. */
export function knownCapabilities(told: readonly string[]): Capability[] {
  return told.filter((one): one is Capability => Capability.safeParse(one).success);
}

/** Of a server too old to tell them: what its files and its family show. */
export function guessedCapabilities({ family, info, template }: ShownModel): Capability[] {
  const isEmbedding = /bert/i.test(family ?? '') || Object.keys(info).some((key) => key.endsWith('.pooling_type'));
  if (isEmbedding) return ['embedding'];
  const hasEyes = Object.keys(info).some((key) => key.includes('.vision.')) || /clip|mllama/i.test(family ?? '');
  return [
    'completion',
    ...(/\.Tools\b/.test(template) ? (['tools'] as const) : []),
    ...(hasEyes ? (['vision'] as const) : []),
    ...(/\.Suffix\b/.test(template) ? (['insert'] as const) : []),
  ];
}

/** @param weightsBytes the size of the model as the list tells it */
export function factsOfShown({ info, parameters }: ShownModel, weightsBytes: number | null): ModelFacts {
  const architecture = info['general.architecture'];
  const of = (name: string) => countOf(info[`${String(architecture)}.${name}`]);
  const heads = of('attention.head_count');
  const width = of('embedding_length');
  const derivedHead = heads !== null && heads > 0 && width !== null ? width / heads : null;
  const keyLength = of('attention.key_length') ?? derivedHead;
  const valueLength = of('attention.value_length') ?? derivedHead;
  return {
    weightsBytes,
    layers: of('block_count'),
    kvHeads: of('attention.head_count_kv') ?? heads,
    headSize: keyLength === null || valueLength === null ? null : (keyLength + valueLength) / 2,
    contextLength: of('context_length'),
    ...ownContextOf(parameters),
  };
}

function ownContextOf(parameters: string): Pick<ModelFacts, 'ownContext'> {
  const tokens = Number(parseParameters(parameters).find(({ name }) => name === 'num_ctx')?.value);
  return Number.isSafeInteger(tokens) && tokens > 0 ? { ownContext: tokens } : {};
}

/** Lists (one number a layer) count by their mean. */
function countOf(value: unknown): number | null {
  const numbers = (Array.isArray(value) ? value : [value]).map(countFrom);
  if (numbers.length === 0 || numbers.includes(null)) return null;
  return numbers.reduce<number>((sum, one) => sum + (one ?? 0), 0) / numbers.length;
}

/** The blobs that its Modelfile begins with: weights and projector. Null when it has others that would be lost. */
export function blobsOfShown({ modelfile }: ShownModel): string[] | null {
  const lines = modelfile.split('\n').filter((line) => /^(FROM|ADAPTER|DRAFT)\s/.test(line));
  const digests = lines.map((line) => /^FROM .*[/\\]sha256-([\da-f]{64})\s*$/.exec(line)?.[1]);
  return digests.length === 0 || digests.includes(undefined) ? null : digests.map((hex) => `sha256:${hex ?? ''}`);
}

/** The folder of models of the server that wrote it, as that server sees it; null when it does not tell. */
export function folderOfShown({ modelfile }: ShownModel): string | null {
  return /^FROM (.+)[/\\]blobs[/\\]sha256-[\da-f]{64}\s*$/m.exec(modelfile)?.[1] ?? null;
}
