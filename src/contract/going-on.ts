// Which answers can be carried on, and by whom: known to the window that offers it and to main that does it.
import type { BackendsStatus } from './backends.ts';
import type { AnswerSource, ChatChoice, Message } from './conversations.ts';

/** Whether it has text and ended before its end: cut, stopped, or interrupted. */
export function isPartOf({ role, state, parts, usage }: Message): boolean {
  if (role !== 'assistant') return false;
  const isPart = state === 'stopped' || state === 'interrupted' || (state === 'done' && usage?.cut !== undefined);
  return isPart && parts.some(({ type, text }) => type === 'text' && text.trim() !== '');
}

/**
 * A part of an answer. The demo writes no answers of its own, and a query service sees a question and nothing of the answer
 * before.
 */
export function canGoOn(message: Message): boolean {
  return isPartOf(message) && message.source?.kind !== 'demo' && message.source?.kind !== 'query';
}

/** The backend and model that wrote it, if both are still there; undefined leaves it to the chat. */
export function writerOf(source: AnswerSource | null, { backends }: BackendsStatus): ChatChoice | undefined {
  if (source === null) return undefined;
  const { kind, label, model } = source;
  const writer = backends.find((one) => one.kind === kind && one.label === label);
  if (writer === undefined || writer.state === 'off') return undefined;
  const isThere = model === null || writer.models.some(({ name }) => name === model);
  return isThere ? { backend: writer.id, model } : undefined;
}
