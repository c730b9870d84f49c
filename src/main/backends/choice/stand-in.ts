// When the demo may answer where nobody chose it. An engine that was there and failed is told as that, never hidden by a sample.
import type { DemoRule } from '../../../contract/backends.ts';
import { ErrorCode, type ErrorInfo } from '../../../contract/errors.ts';
import type { Settings } from '../../../contract/settings.ts';

/** Nobody was there to be asked: not set up, switched off, not reachable. Everything else is an engine's own failure. */
const ABSENT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'no_model_installed',
  'no_model_file',
  'backend_off',
  'backend_removed',
  'mlx_unavailable',
  'engine_unavailable',
  'ollama_not_installed',
  'backend_unreachable',
  'backend_connect_timeout',
]);
/** What the question or the answer itself is about: a sample would hide what helps, whatever was chosen. */
const NEVER_REPLACED: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['context_too_small', 'answer_empty']);

type Reason = Pick<ErrorInfo, 'code' | 'params'>;

/** What the setting means now. Who has seen an engine answer wants an answer or the reason why there is none. */
export function demoRule(
  { ifNothingAnswers }: Pick<Settings, 'ifNothingAnswers'>,
  { hasEngineAnswered }: { hasEngineAnswered: boolean },
): DemoRule {
  if (ifNothingAnswers === 'demo') return 'always';
  return ifNothingAnswers === 'say' || hasEngineAnswered ? 'never' : 'ifNobodyIsThere';
}

/** Whether a backend that gave this reason was not there at all. One that rests counts as what it rests for. */
export function isAbsent({ code, params }: Reason): boolean {
  const cause = code === 'backend_resting' ? ErrorCode.safeParse(params.cause).data : undefined;
  return ABSENT.has(cause ?? code);
}

/** @param reasons why each of the engines does not answer this question */
export function mayDemoAnswer(rule: DemoRule, reasons: readonly Reason[]): boolean {
  if (rule === 'never' || reasons.some(({ code }) => NEVER_REPLACED.has(code))) return false;
  return rule === 'always' || reasons.every(isAbsent);
}
