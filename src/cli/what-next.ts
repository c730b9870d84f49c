// What is in the way of an answer, and what to type next: before a question (`hearth doctor`) and after one that got none.
import type { BackendsStatus, Outlook } from '../contract/backends.ts';
import type { ErrorInfo } from '../contract/errors.ts';
import { errorInfo } from '../main/errors/index.ts';
import { text } from '../main/words/index.ts';
import type { HearthClient } from './connect.ts';
import { nextCommand, type Reason } from './next-command.ts';

/** Where the catalogue can't say what fits. */
const SMALL_MODEL = 'llama3.2:3b';

/** Why those before the one that answers, or all, do not; and the one command that helps, null where none is needed or known. */
export async function whatNext(
  client: HearthClient,
  outlook: Outlook,
): Promise<{ reasons: ReasonInWords[]; next: string | null }> {
  const { backends } = await client.backends.status();
  const isAnswered = outlook.type === 'asks' && outlook.source.kind !== 'demo';
  const suggested = isAnswered ? SMALL_MODEL : await suggestedModel(client);
  const reasons = reasonsOf(outlook, backends);
  const next = isAnswered ? null : (nextCommand(reasons, { backends, suggested }) ?? demoNext(outlook, reasons));
  return { reasons, next };
}

export interface ReasonInWords extends Reason {
  reason: ErrorInfo;
}

/** Why those before it, or all, do not answer. */
function reasonsOf(outlook: Outlook, backends: BackendsStatus['backends']): ReasonInWords[] {
  if (outlook.type === 'asks') return outlook.source.skipped.map(({ label, reason }) => ({ label, reason }));
  if (outlook.problem.code !== 'no_backend')
    return [{ label: labelOf(outlook.problem, backends), reason: outlook.problem }];
  return backends.flatMap(({ label, kind, state, standsIn, problem }): ReasonInWords[] => {
    if (kind === 'demo' || !standsIn || problem?.code === 'mlx_unavailable') return [];
    const reason = state === 'off' ? errorInfo('backend_off', { backend: label }) : problem;
    return reason === null ? [] : [{ label, reason }];
  });
}

/** Whose problem it is: it says so itself, or that backend has the very same one. */
function labelOf({ code, message, params }: ErrorInfo, backends: BackendsStatus['backends']): string | null {
  if (typeof params['backend'] === 'string') return params['backend'];
  return backends.find(({ problem }) => problem?.code === code && problem.message === message)?.label ?? null;
}

/** It is chosen itself: nothing is in the way of another choice. */
function demoNext(outlook: Outlook, reasons: readonly Reason[]): string | null {
  return outlook.type === 'asks' && reasons.length === 0 ? text('cli:next.choose') : null;
}

async function suggestedModel(client: HearthClient): Promise<string> {
  const { suggested } = await client.catalogue.get();
  return suggested ?? SMALL_MODEL;
}
