// What the log tells of a question's way through the backends: who was asked, how it ended, why the next one was asked.
//
// Facts alone: no word of a message, and nothing that a server said, for it may repeat what it was sent.
import type { AnswerSource } from '../../../contract/conversations.ts';
import type { ErrorCode, ErrorInfo } from '../../../contract/errors.ts';
import type { Log } from '../../diagnostics/index.ts';
import { toErrorInfo } from '../../errors/index.ts';
import type { Backend, ChatEvent } from '../interface.ts';

type LogFields = NonNullable<Parameters<Log['info']>[1]>;
type Done = Extract<ChatEvent, { type: 'done' }>;

/** Of one question. Each is called when it happens; none is called for a token. */
export interface RunLog {
  asked(source: AnswerSource): void;
  /** It is left out without asking it. */
  passedOver(backend: Pick<Backend, 'kind' | 'label'>, reason: ErrorInfo): void;
  /** The one that was asked failed before its first token; the next one is asked, if there is one. */
  madeWay(reason: ErrorInfo): void;
  answered(done: Done): void;
  /** Nobody else is asked any more. `source`: whose failure it is, where that is not who was asked last. */
  failed(error: unknown, source: AnswerSource | null): void;
}

const TIME_OUTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'backend_connect_timeout',
  'backend_no_answer',
  'backend_first_token_timeout',
  'backend_load_timeout',
  'backend_no_answer',
  'backend_silent',
]);
/** What an error may tell besides its code: numbers and addresses, nothing that somebody wrote. */
const TOLD_PARAMS = ['host', 'seconds', 'status', 'how'];

/** @param now milliseconds of a clock that never goes back */
export function createRunLog(
  log: Pick<Log, 'info' | 'warn'>,
  { purpose, now }: { purpose: string; now: () => number },
): RunLog {
  const beganMs = now();
  let askedMs = beganMs;
  let who: LogFields = {};
  /** A line is on the disk when it is written: the request goes first. */
  let waiting: (() => void)[] = [];

  function later(line: () => void): void {
    if (waiting.length === 0) setImmediate(writeWaiting);
    waiting.push(line);
  }

  function writeWaiting(): void {
    const lines = waiting;
    waiting = [];
    for (const line of lines) line();
  }

  function tell(level: 'info' | 'warn', message: string, fields: LogFields): void {
    writeWaiting();
    const times = { ms: Math.round(now() - askedMs), totalMs: Math.round(now() - beganMs) };
    log[level](message, { purpose, ...who, ...times, ...fields });
  }

  return {
    passedOver: ({ kind, label }, reason) =>
      later(() => log.info('A backend was passed over', { purpose, kind, label, ...reasonOf(reason) })),
    asked(source) {
      askedMs = now();
      const asked = (who = fieldsOf(source));
      later(() => log.info('A backend is asked', { purpose, ...asked }));
    },
    madeWay(reason) {
      const what = TIME_OUTS.has(reason.code) ? 'A time-out' : 'A backend failed';
      tell('warn', `${what}: the next one is asked`, reasonOf(reason));
    },
    answered({ reason, usage: { firstTokenMs, promptTokens, answerTokens } }) {
      tell('info', 'A backend has answered', {
        firstMs: firstTokenMs,
        read: promptTokens,
        written: answerTokens,
        end: reason,
      });
    },
    failed(error, source) {
      const info = toErrorInfo(error);
      if (source !== null) who = fieldsOf(source);
      if (info.code === 'cancelled') tell('info', 'An answer was stopped', {});
      else tell('warn', TIME_OUTS.has(info.code) ? 'A time-out: no answer' : 'No backend has answered', reasonOf(info));
    },
  };
}

function fieldsOf({ kind, label, model, host }: AnswerSource): LogFields {
  return { kind, label, model, host };
}

function reasonOf({ code, params }: ErrorInfo): LogFields {
  return {
    code,
    ...Object.fromEntries(TOLD_PARAMS.filter((name) => name in params).map((name) => [name, params[name]])),
  };
}
