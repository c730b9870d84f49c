// What an answer's source and the engines' state mean in words: whose computer, which model, for which reason.
import type { BackendsStatus, BackendStatus } from '../../../contract/backends.ts';
import type { AnswerSource } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { hostName, isThisComputer } from '../../lib/hosts.ts';

/** The first sentence of an error, without its full stop: what happened. The rest of it says what to do. */
export function whatHappened(error: ErrorInfo): string {
  const { code, params } = error;
  // Of one that rests, what happened is what it rests for.
  if (code === 'backend_resting' && typeof params.reason === 'string' && params.reason !== '') {
    return whatHappened({ ...error, code: 'internal', message: params.reason });
  }
  return (/^.*?(?=[.:] |\.?$)/s.exec(error.message)?.[0] ?? error.message).trim();
}

/** How an answer was answered, when that needs saying; null when the first choice on this computer did. */
export type SourceNote =
  | { kind: 'demo'; reason: string | null; details: string }
  | { kind: 'builtIn'; reason: string | null; details: string }
  | { kind: 'away'; label: string; host: string; reason: string | null; details: string }
  /** `mlx` is named always, as the built-in engine; others only where they stood in. */
  | { kind: 'engine'; label: string; reason: string | null; details: string };

export function sourceNote(source: AnswerSource): SourceNote | null {
  const [first] = source.skipped;
  const reason = first ? whatHappened(first.reason) : null;
  const details = source.skipped.map((skipped) => skipped.reason.message).join(' ');
  const { kind, label, host } = source;
  if (kind === 'demo') return { kind, reason, details };
  if (kind === 'llamacpp') return { kind: 'builtIn', reason, details };
  // A first choice elsewhere is told as well: what was asked has left this computer.
  if (host !== null && !isThisComputer(host)) return { kind: 'away', label, host: hostName(host), reason, details };
  return reason === null && kind !== 'mlx' ? null : { kind: 'engine', label, reason, details };
}

/** The backend that the next question of a chat without a choice of its own goes to. */
export function chosenBackend(status: BackendsStatus): BackendStatus | undefined {
  return status.backends.find((backend) => backend.id === status.chosen.id);
}
