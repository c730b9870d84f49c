// What a model takes in memory, as far as its numbers tell.
import type { Settings } from '../../../contract/settings.ts';
import type { ModelFacts } from './interface.ts';

/**
 * Beside weights and cache an engine holds the working buffers of a batch (512 tokens over a vocabulary of 130 000 to 260 000
 * words in 32-bit numbers: 260 to 520 MB) and itself (a CUDA context alone takes about 300 MB); the rest of the buffers grows
 * with the width of the model, for which its weights stand in. Rather too much than too little: a model that does not fit
 * after gigabytes of download is worse than one called tight.
 */
const OVERHEAD_BYTES = 512 * 2 ** 20;
const OVERHEAD_OF_WEIGHTS = 0.05;

type EngineSettings = Settings['engine'];

/** Bytes of one cached number. The quantized ones hold a 16-bit scale for every 32 numbers. */
function cacheElementBytes({ kvCacheType, flashAttention }: EngineSettings): number {
  // Without flash attention the engine cannot read a quantized cache and keeps 16 bits.
  if (flashAttention === 'off') return 2;
  if (kvCacheType === 'q8_0') return 34 / 32;
  if (kvCacheType === 'q4_0') return 18 / 32;
  return 2;
}

/** In bytes, for so many tokens of context; null where the model does not tell. */
export function needOf(facts: ModelFacts, contextLength: number, settings: EngineSettings) {
  const { weightsBytes, layers, kvHeads, headSize } = facts;
  const isCacheKnown = layers !== null && kvHeads !== null && headSize !== null;
  const perToken = isCacheKnown ? 2 * layers * kvHeads * headSize * cacheElementBytes(settings) : null;
  const cacheBytes = perToken === null ? null : Math.ceil(perToken * contextLength * (settings.parallel ?? 1));
  const overheadBytes = weightsBytes === null ? null : Math.ceil(OVERHEAD_BYTES + weightsBytes * OVERHEAD_OF_WEIGHTS);
  return { weightsBytes, cacheBytes, overheadBytes };
}
