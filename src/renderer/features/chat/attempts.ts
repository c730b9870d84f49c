// What was tried before for the same question, and how that ended: asking again never looks like the first time.
import type { Message } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { MessageId } from '../../../contract/ids.ts';
import type { Way } from './remedy-ways.ts';

export interface Attempt {
  /** When it was asked again. */
  atMs: number;
  /** Why there was no answer before. */
  before: ErrorInfo;
  /** By which ways, the latest last. */
  tried: readonly Way[];
}

/** How many answers to the same question failed before this one: known also to a window that has not seen them. */
export function failuresBefore({ id, versions = [] }: Pick<Message, 'id' | 'versions'>): number {
  const earlier = versions.slice(
    0,
    Math.max(
      0,
      versions.findIndex((version) => version.id === id),
    ),
  );
  return earlier.filter(({ state }) => state === 'failed' || state === 'interrupted').length;
}

/** By the answer that came of it; lost with the window. */
export type Attempts = Readonly<Record<MessageId, Attempt>>;

/** @param before the answer in whose place the new one is asked for */
export function withAttempt(
  all: Attempts,
  { before, answer, way, atMs }: { before: Message | undefined; answer: MessageId; way: Way; atMs: number },
): Attempts {
  const error = before?.error;
  if (!error) return all;
  const tried = (all[before.id]?.tried ?? []).filter((one) => one !== way);
  return { ...all, [answer]: { atMs, before: error, tried: [...tried, way] } };
}
