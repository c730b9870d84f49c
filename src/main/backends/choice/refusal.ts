// Which error a person sees where nobody answers: that of the first engine that was there and failed, else why nobody was there.
import type { AnswerSource } from '../../../contract/conversations.ts';
import { HearthError } from '../../errors/index.ts';
import { reasonsText } from './chain.ts';
import { isAbsent } from './stand-in.ts';

type Skipped = AnswerSource['skipped'][number];

/** The failure of one that was asked which is told; undefined where none of them says more than that nobody was there. */
export function toldOf<Failure extends Pick<Skipped, 'reason'>>(failures: readonly Failure[]): Failure | undefined {
  // The only one that was asked says best what to do.
  return failures.find(({ reason }) => !isAbsent(reason)) ?? (failures.length === 1 ? failures[0] : undefined);
}

/** Why nobody was asked: the first reason of one that is there, the one reason that there is, or all of them. */
export function refused(skipped: readonly Skipped[], cause?: unknown): HearthError {
  const there = skipped.filter(({ reason }) => !isAbsent(reason));
  const told =
    there.find(({ reason }) => reason.code !== 'backend_resting') ??
    there[0] ??
    (skipped.length === 1 ? skipped[0] : undefined);
  if (told === undefined) return new HearthError('no_backend', { reasons: reasonsText(skipped) }, { cause });
  const { code, params, detail } = told.reason;
  return new HearthError(code, params, { cause, ...(detail === undefined ? {} : { detail }) });
}
