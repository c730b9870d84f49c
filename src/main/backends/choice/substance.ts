// Whether anything was said in an answer: one that ended without a word is told as an error, never shown as done.
import { HearthError } from '../../errors/index.ts';
import { text as words } from '../../words/index.ts';
import type { ChatEvent } from '../interface.ts';

type Done = Extract<ChatEvent, { type: 'done' }>;

export interface Substance {
  /** Takes the next event of the answer. */
  take(event: ChatEvent): void;
  /** The error that an answer of nothing is, with what it ended for; null where something was said. */
  missing(done: Done, about: { backend: string; model: string | null }): HearthError | null;
}

/** @param hasTools whether calls were asked for: nobody makes one that was not, so nothing would be left of the answer */
export function createSubstance(hasTools: boolean): Substance {
  let isThere = false;
  let hasThought = false;
  let calledName: string | null = null;

  function reasonFor({ reason, usage }: Done): string {
    if (calledName !== null) return words('backends:nothingSaid.call', { name: calledName });
    const tokens = usage.answerTokens;
    const what = hasThought ? 'thought' : 'nothing';
    if (reason !== 'length') return words(`backends:nothingSaid.${what}`);
    return tokens === null
      ? words(`backends:nothingSaid.${what}Length`)
      : words(`backends:nothingSaid.${what}Tokens`, { tokens });
  }

  return {
    take(event) {
      if (isThere) return;
      if (event.type === 'text') isThere = event.text.trim() !== '';
      else if (event.type === 'thinking') hasThought ||= event.text.trim() !== '';
      else if (event.type === 'tool-call') {
        isThere = hasTools;
        calledName = event.call.name;
      }
    },
    missing(done, { backend, model }) {
      if (isThere) return null;
      return new HearthError('answer_empty', { backend, model: model ?? backend, reason: reasonFor(done) });
    },
  };
}
