// The vectors of /embeddings, in the order of the texts.

/** @returns null for anything that is not one vector a text */
export function readVectors(value: unknown, count: number): Float32Array[] | null {
  const data = (value as { data?: unknown } | null)?.data;
  if (!Array.isArray(data) || data.length !== count) return null;
  const vectors: (Float32Array | undefined)[] = Array.from({ length: count });
  for (const [at, entry] of (data as unknown[]).entries()) {
    const { embedding, index } = (entry ?? {}) as { embedding?: unknown; index?: unknown };
    if (!Array.isArray(embedding) || embedding.length === 0) return null;
    if (!embedding.every((one) => typeof one === 'number')) return null;
    vectors[typeof index === 'number' ? index : at] = Float32Array.from(embedding);
  }
  return vectors.every((one) => one !== undefined) && vectors.length === count ? vectors : null;
}
