// Which answers can be carried on: known to the window that offers it and to main that does it.
import type { Message } from './conversations.ts';

/**
 * One that has text and ended before its end: cut, stopped, or interrupted. The demo writes no answers of its own, and a query
 * service sees a question and nothing of the answer before.
 */
export function canGoOn({ role, state, parts, usage, source }: Message): boolean {
  if (role !== 'assistant' || source?.kind === 'demo' || source?.kind === 'query') return false;
  const isPart = state === 'stopped' || state === 'interrupted' || (state === 'done' && usage?.cut !== undefined);
  return isPart && parts.some(({ type, text }) => type === 'text' && text.trim() !== '');
}
