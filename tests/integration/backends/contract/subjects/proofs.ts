// How abilities are shown, whatever the backend.
import { expect } from 'vitest';
import type { Backend, ChatRequest } from '../../../../../src/main/backends/interface.ts';
import { forever, hear } from '../../setup.ts';
import type { Stage } from '../subject.ts';

/** Asks, and gives back what was thought. */
export async function seenBy({ backend }: Stage, request: ChatRequest): Promise<string> {
  const { error, events } = await hear(backend.chat(request, forever()));
  expect(error).toBeNull();
  return events.map((event) => (event.type === 'thinking' ? event.text : '')).join('');
}

/** Two texts have two vectors of numbers, of one length. */
export async function proveVectors(backend: Backend, model: string | null): Promise<void> {
  const vectors = (await backend.embed?.(['a', 'b'], { model, signal: forever() })) ?? [];
  expect(vectors).toHaveLength(2);
  const [one, other] = vectors;
  expect(one).toBeInstanceOf(Float32Array);
  expect(one?.length).toBeGreaterThan(0);
  expect(other?.length).toBe(one?.length);
  expect(vectors.every((vector) => vector.every(Number.isFinite))).toBe(true);
}
