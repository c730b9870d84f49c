// A question that alone is longer than the context: Ollama would read its end and answer that. Said instead, with whose limit it is.
import { HearthError } from '../../errors/index.ts';
import type { ContextPlans } from '../../models/index.ts';
import { OLLAMA_LABEL, type Place } from '../../ollama/index.ts';
import { aboutTokens, type ContextRefusal, refusedElsewhere, tooSmallHere } from '../context-refusal.ts';
import type { ChatMessage } from '../interface.ts';
import { leastTokens } from '../prompt-cut.ts';

/** Whether even what can't be left out is too long: the system's words and the last question. Asked after a refusal. */
export function isQuestionTooLong(messages: readonly ChatMessage[], contextTokens: number | null): boolean {
  const kept = keptOf(messages);
  return kept.length === messages.length || (contextTokens !== null && leastTokens(kept) > contextTokens);
}

export interface LongQuestion {
  place: Place;
  model: string;
  messages: readonly ChatMessage[];
  plans: ContextPlans | null;
  /** With the context in force, where it is known. */
  refusal: ContextRefusal;
}

/** @param cause the refusal */
export function questionTooLong({ place, model, messages, plans, refusal }: LongQuestion, cause: unknown): Error {
  const said = cause instanceof HearthError ? String(cause.params.reason) : String(cause);
  const { setTokens } = refusal;
  const told = { backend: OLLAMA_LABEL, model, reason: said };
  if (setTokens === null) return refusedElsewhere(refusal, told, said);
  // It was refused, so it is longer, whatever a token is.
  const neededTokens = refusal.neededTokens ?? Math.max(setTokens + 1, aboutTokens(keptOf(messages)));
  if (!place.isLocal) return refusedElsewhere({ setTokens, neededTokens }, told, said);
  const canTokens = plans?.modelMaximum(place, model) ?? null;
  return tooSmallHere({ model, setTokens, neededTokens, canTokens, askedTokens: null }, said);
}

function keptOf(messages: readonly ChatMessage[]): ChatMessage[] {
  return messages.filter(({ role }, index) => role === 'system' || index === messages.length - 1);
}
