// The facts as a model gets to read them: a few, chosen by what the chat asks.
import type { Fact } from '../../contract/facts.ts';
import type { ConversationId } from '../../contract/ids.ts';
import { text } from '../words/index.ts';
import { sharedWords, wordsOf } from './words.ts';

/** What a model is told about the user. */
export interface ContextCard {
  text: string;
  /** How many facts it holds, at least one. */
  facts: number;
}

/** Each is read with every question, on a slow computer at some ten tokens a second. */
export const CARD_MAX_FACTS = 5;
export const CARD_MAX_CHARS = 800;
/** So many go along whatever is asked: not every question names what it is about. */
const UNASKED_FACTS = 3;

export interface CardAsking {
  /** Null for a chat that begins. */
  conversationId: ConversationId | null;
  /** What the user has asked in this chat so far, the oldest first, with the question that is asked now. */
  questions: readonly string[];
}

/** @param facts the newest first; those that are off are left out, and those that this chat has said itself */
export function cardOf(facts: readonly Fact[], { conversationId, questions }: CardAsking): ContextCard | null {
  const others = facts.filter((fact) => fact.isOn && !isOfChat(fact, conversationId));
  // Joined, not filled in: a fact is free text, and must not be read as a pattern of our own.
  let card = text('prompts:card');
  let count = 0;
  for (const fact of chosenFor(questions, others)) {
    const line = `\n- ${fact.text.replace(/[\s\p{Cc}]+/gu, ' ')}`;
    if (card.length + line.length > CARD_MAX_CHARS) continue;
    card += line;
    count += 1;
  }
  return count === 0 ? null : { text: card, facts: count };
}

/**
 * By the first question, then by each that follows, those that have words of it; the newest where these are few. What was
 * chosen for a question stays in its place as the chat goes on, so that an engine need not read the chat anew.
 */
function chosenFor(questions: readonly string[], facts: readonly Fact[]): Fact[] {
  const words = facts.map((fact) => ({ fact, words: wordsOf(fact.text) }));
  const chosen = new Set<Fact>();
  for (const [index, question] of questions.entries()) {
    const asked = wordsOf(question);
    const fitting = words
      .map((one) => ({ ...one, shared: sharedWords(one.words, asked) }))
      .filter(({ shared }) => shared > 0)
      .toSorted((a, b) => b.shared - a.shared);
    for (const { fact } of fitting) if (chosen.size < CARD_MAX_FACTS) chosen.add(fact);
    if (index > 0) continue;
    for (const fact of facts) if (chosen.size < UNASKED_FACTS) chosen.add(fact);
  }
  return [...chosen];
}

function isOfChat({ source }: Fact, id: ConversationId | null): boolean {
  return id !== null && source?.conversationId === id;
}
