// The facts as a model gets to read them.
import type { Fact } from '../../contract/facts.ts';
import { text } from '../words/index.ts';
import type { ContextCard } from './interface.ts';

/** The whole card: some 500 tokens, which the smallest context still has room for. */
export const CARD_MAX_CHARS = 2_000;

/** @param facts the newest first; those that are off, and the oldest that do not fit, are left out */
export function cardOf(facts: readonly Fact[]): ContextCard | null {
  // Joined, not filled in: a fact is free text, and must not be read as a pattern of our own.
  let card = text('prompts:card');
  let count = 0;
  for (const fact of facts) {
    if (!fact.isOn) continue;
    const line = `\n- ${fact.text.replace(/[\s\p{Cc}]+/gu, ' ')}`;
    if (card.length + line.length > CARD_MAX_CHARS) break;
    card += line;
    count += 1;
  }
  return count === 0 ? null : { text: card, facts: count };
}
