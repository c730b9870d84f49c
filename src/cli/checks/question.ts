// Would a question be answered now, by whom, and if not, what to do? By the same plan as a question.
import type { Outlook } from '../../contract/backends.ts';
import type { AnswerSource } from '../../contract/conversations.ts';
import type { ErrorInfo } from '../../contract/errors.ts';
import { toErrorInfo } from '../../main/errors/index.ts';
import { text } from '../../main/words/index.ts';
import type { HearthClient } from '../connect.ts';
import { describeSource } from '../describe.ts';
import { failureText } from '../failure.ts';
import { type ReasonInWords, whatNext } from '../what-next.ts';
import type { Finding } from './finding.ts';

/** What is told of it; as it stands in the object of `--json`. */
export interface QuestionReport {
  /** `demo`: there would be sample text, written by no model. */
  answer: 'model' | 'demo' | 'none';
  /** Who would answer; null where nobody would. */
  source: AnswerSource | null;
  problem: ErrorInfo | null;
  /** The command that helps next; null where none is needed or known. */
  next: string | null;
}

interface Told {
  report: QuestionReport;
  level: Finding['level'];
  /** The first one says it all; the others why, and what to do. */
  lines: string[];
}

export async function checkQuestion(client: HearthClient): Promise<Told> {
  return look(client).catch((error: unknown) => brokenQuestion(toErrorInfo(error)));
}

async function look(client: HearthClient): Promise<Told> {
  const outlook = await client.backends.outlook();
  const { reasons, next } = await whatNext(client, outlook);
  return told(outlook, reasons, next);
}

/** For one that can't even be foreseen: without a history no question can be kept, so none is answered. */
export function brokenQuestion(problem: ErrorInfo): Told {
  return told({ type: 'fails', problem }, [{ label: null, reason: problem }], null);
}

function told(outlook: Outlook, reasons: readonly ReasonInWords[], next: string | null): Told {
  const hint = next === null ? [] : [text('cli:next.line', { command: next })];
  const lines = [headline(outlook), ...reasons.map(reasonLine), ...hint];
  if (outlook.type === 'fails')
    return { report: { answer: 'none', source: null, problem: outlook.problem, next }, level: 'broken', lines };
  const { source } = outlook;
  return source.kind === 'demo'
    ? { report: { answer: 'demo', source, problem: null, next }, level: 'warning', lines }
    : { report: { answer: 'model', source, problem: null, next }, level: 'good', lines };
}

function headline(outlook: Outlook): string {
  if (outlook.type === 'fails') return text('cli:doctor.question.none');
  if (outlook.source.kind === 'demo') return text('cli:doctor.question.demo');
  const who = describeSource({ ...outlook.source, skipped: [] });
  return text(`cli:doctor.question.${outlook.isAsleep ? 'starts' : 'model'}`, { who });
}

function reasonLine({ label, reason }: ReasonInWords): string {
  const sentence = failureText(reason);
  return label === null ? sentence : text('cli:doctor.question.reason', { label, reason: sentence });
}
