// What an answer's source and the engines' state mean in words: whose computer, which model, for which reason.
import type { BackendsStatus, BackendStatus } from '../../../contract/backends.ts';
import type { AnswerSource } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { hostName, isThisComputer } from '../../lib/hosts.ts';

/** The first sentence of an error, without its full stop: what happened. The rest of it says what to do. */
export function whatHappened(error: ErrorInfo): string {
  return (/^.*?(?=[.:] |\.?$)/s.exec(error.message)?.[0] ?? error.message).trim();
}

/** How an answer was answered, when that needs saying; null when the first choice on this computer did. */
export type SourceNote =
  | { kind: 'demo'; reason: string | null; details: string }
  | { kind: 'builtIn'; reason: string | null; details: string }
  | { kind: 'away'; label: string; host: string; reason: string | null; details: string }
  | { kind: 'fallback'; label: string; reason: string; details: string };

export function sourceNote(source: AnswerSource): SourceNote | null {
  const [first] = source.skipped;
  const reason = first ? whatHappened(first.reason) : null;
  const details = source.skipped.map((skipped) => skipped.reason.message).join(' ');
  if (source.kind === 'demo') return { kind: 'demo', reason, details };
  if (source.kind === 'llamacpp') return { kind: 'builtIn', reason, details };
  if (source.host !== null && !isThisComputer(source.host)) {
    return { kind: 'away', label: source.label, host: hostName(source.host), reason, details };
  }
  return reason === null ? null : { kind: 'fallback', label: source.label, reason, details };
}

/** The backend that the next question goes to. */
export function chosenBackend(status: BackendsStatus): BackendStatus | undefined {
  return status.backends.find((backend) => backend.kind === status.chosen.kind);
}

/** A server on another computer that may be asked, now or as soon as it answers; null when all stays here. */
export function remoteHost(status: BackendsStatus): string | null {
  const away = status.backends.find((backend) => backend.state !== 'off' && !isThisComputer(backend.host));
  return away?.host == null ? null : hostName(away.host);
}
