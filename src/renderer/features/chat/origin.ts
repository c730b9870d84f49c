// What an answer's source and the engines' state mean in words: whose computer, which model, for which reason.
import type { BackendsStatus, BackendStatus } from '../../../contract/backends.ts';
import type { AnswerSource, Message } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { hostName, isThisComputer } from '../../lib/hosts.ts';

/** What an engine says of its failure is told with it as long as it fits in a line. */
const REASON_CHARS_MAX = 120;

/** The first sentence of an error, without its full stop: what happened. The rest of it says what to do. */
export function whatHappened(error: ErrorInfo): string {
  const { code, params } = error;
  // Of one that rests, what happened is what it rests for.
  if (code === 'backend_resting' && typeof params.reason === 'string' && params.reason !== '') {
    return whatHappened({ ...error, code: 'internal', message: params.reason });
  }
  const happened = (/^.*?(?=[.:] |\.?$)/s.exec(error.message)?.[0] ?? error.message).trim();
  const { reason } = params;
  if (typeof reason !== 'string' || reason === '' || reason.length > REASON_CHARS_MAX) return happened;
  const withReason = `${happened}: ${reason}`;
  return error.message.startsWith(withReason) ? withReason.replace(/\.$/, '') : happened;
}

interface Cause {
  /** Why the first choice did not answer, in a few words; null where it did. */
  reason: string | null;
  /** All that did not answer, with the whole sentence of each. */
  skipped: AnswerSource['skipped'];
}

/** How an answer was answered, when that needs saying; null when the first choice on this computer did. */
export type SourceNote = Cause &
  (
    | { kind: 'demo' }
    | { kind: 'builtIn' }
    | { kind: 'away'; label: string; host: string }
    /** `mlx` is named always, as the built-in engine; others only where they stood in. */
    | { kind: 'engine'; label: string }
  );

/** Of an answer that did not come its card tells who else was asked: nobody stood in. */
export function sourceNote({ source, state }: Pick<Message, 'source' | 'state'>): SourceNote | null {
  if (source === null) return null;
  const skipped = state === 'failed' ? [] : source.skipped;
  const [first] = skipped;
  const reason = first ? whatHappened(first.reason) : null;
  const { kind, label, host } = source;
  if (kind === 'demo') return { kind, reason, skipped };
  if (kind === 'llamacpp') return { kind: 'builtIn', reason, skipped };
  // A first choice elsewhere is told as well: what was asked has left this computer.
  if (host !== null && !isThisComputer(host)) return { kind: 'away', label, host: hostName(host), reason, skipped };
  return reason === null && kind !== 'mlx' ? null : { kind: 'engine', label, reason, skipped };
}

/** The backend that the next question of a chat without a choice of its own goes to. */
export function chosenBackend(status: BackendsStatus): BackendStatus | undefined {
  return status.backends.find((backend) => backend.id === status.chosen.id);
}
