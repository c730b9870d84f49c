// Whether a file answers questions: the one rule for what is listed, what is chosen without a choice, and what doctor tells.
import type { GgufFacts } from './interface.ts';

/**
 * `chat` for a model that was made to answer, `base` for one that only writes on, null for what can't answer by itself: a
 * projector, an adapter, a model for vectors, a vocabulary, a later part of a split model.
 */
export function answersAs(facts: GgufFacts): 'chat' | 'base' | null {
  const { isEmbedding, hasTemplate, hasWeights } = facts;
  if (!isWhole(facts) || isEmbedding || !hasWeights) return null;
  return hasTemplate ? 'chat' : 'base';
}

/** A model by itself: no projector, no adapter, not a later part of another file. */
export function isWhole({ isProjector, isAdapter, splitPart }: GgufFacts): boolean {
  return !isProjector && !isAdapter && (splitPart === null || splitPart.number === 1);
}
