// Lets a backend that failed rest, so that one that is dead costs its time-out once and not with every question.
import {
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  type IBackoffFactory,
  type IHalfOpenAfterBackoffContext,
  noJitterGenerator,
} from 'cockatiel';
import type { ErrorCode, ErrorInfo } from '../../../contract/errors.ts';
import type { BackendId } from '../../../contract/ids.ts';
import { errorInfo, HearthError, toErrorInfo } from '../../errors/index.ts';
import { askedWaitMs } from '../waiting/short-waits.ts';

/** The first rest; each that follows a failed try is twice as long, up to the longest. A server that asks for a time gets that. */
export const FIRST_REST_MS = 5_000;
export const LONGEST_REST_MS = 300_000;

/** Nobody was reached. A look that reaches it proves that this is over. */
const NOT_REACHED: readonly ErrorCode[] = ['backend_unreachable', 'backend_connect_timeout'];
/** It was reached and is not well. A server of this kind may answer every look: only an answer proves anything. */
const NOT_WELL: readonly ErrorCode[] = [
  'backend_no_answer',
  'backend_first_token_timeout',
  'backend_silent',
  'backend_html',
  'backend_garbage',
  'backend_empty',
  'backend_failed',
  'backend_not_known',
  'backend_wait',
  'backend_login',
  'backend_gateway',
  'stream_cut',
  'engine_crashed',
  'engine_hung',
];

/** One question's way to a backend. The first of the three ends it; what comes later changes nothing. */
export interface Attempt {
  /** Its first token is there. */
  answered(): Promise<void>;
  failed(error: unknown): Promise<void>;
  /** Nobody waits for it any more: it proved nothing. */
  left(): void;
}

export interface Rest {
  /** Milliseconds since 1970. Passed while one question tries whether it answers again. */
  untilMs: number;
  /** The failure that it rests for. */
  reason: ErrorInfo;
}

export interface Breaker {
  /** Null when it may be asked. */
  rest(): Rest | null;
  /** A question goes to it, also while it rests: then the user insists or there is nobody else. */
  begin(): Attempt;
  /** A look found it ready. */
  seen(): void;
  /** The user looks after it: what was before does not count any more. */
  reset(): void;
}

/** Whether a failure before the first token says that the next question would fare no better. */
function isBreaking(error: unknown): error is HearthError {
  return error instanceof HearthError && (NOT_REACHED.includes(error.code) || NOT_WELL.includes(error.code));
}

/** @param onChange called when it begins to rest, and when it may be asked again because something proved it well */
export function createBreaker({ onChange }: { onChange: () => void }): Breaker {
  let openedAtMs = 0;
  let restMs = 0;
  let reason: HearthError | null = null;
  let policy = make();

  function make(initialState?: unknown): CircuitBreakerPolicy {
    const steps = new ExponentialBackoff({
      generator: noJitterGenerator,
      initialDelay: FIRST_REST_MS,
      maxDelay: LONGEST_REST_MS,
    });
    const made = circuitBreaker(handleWhen(isBreaking), {
      breaker: new ConsecutiveBreaker(1),
      halfOpenAfter: telling(steps, {
        askedMs: ({ result }) => askedWaitMs('error' in result && isBreaking(result.error) ? result.error : reason),
        tell: (ms) => (restMs = ms),
      }),
      initialState,
    });
    made.onBreak((failure) => {
      openedAtMs = Date.now();
      if ('error' in failure && failure.error instanceof HearthError) reason = failure.error;
    });
    made.onStateChange((state) => {
      if (made === policy && state !== CircuitState.HalfOpen) onChange();
    });
    return made;
  }

  function reset(): void {
    if (policy.state === CircuitState.Closed) return;
    policy = make();
    onChange();
  }

  /** Whether its rest is over and the next question may try it. A clock that was set back ends a rest too. */
  function isDue(): boolean {
    if (policy.state === CircuitState.Open && Date.now() < openedAtMs) reset();
    return policy.state === CircuitState.Open && Date.now() >= openedAtMs + restMs;
  }

  /** By a question that was not let through by the policy: an answer heals, a failure tells nothing new. */
  const insisting = (): Attempt => ({
    answered: () => Promise.resolve(reset()),
    failed: () => Promise.resolve(),
    left: () => {},
  });

  return {
    rest() {
      if (isDue() || policy.state === CircuitState.Closed) return null;
      return { untilMs: openedAtMs + restMs, reason: toErrorInfo(reason) };
    },
    begin() {
      const isProbe = isDue();
      const asked = policy;
      if (!isProbe && asked.state !== CircuitState.Closed) return insisting();
      const before = asked.toJSON();
      let end: { ok: () => void; fail: (error: unknown) => void } | null = null;
      const verdict = new Promise<void>((resolve, reject) => (end = { ok: resolve, fail: reject }));
      const over = asked.execute(() => verdict).catch(() => {});
      /** The next question tries it instead. */
      const left = () => {
        if (isProbe && policy === asked && policy.state === CircuitState.HalfOpen) policy = make(before);
      };
      return {
        async answered() {
          end?.ok();
          await over;
          // Another question may have failed meanwhile; this one shows that it answers.
          if (policy === asked) reset();
        },
        async failed(error) {
          // Whoever ended it, it was not the backend.
          if (error instanceof HearthError && error.code === 'cancelled') return left();
          end?.fail(error);
          await over;
        },
        left,
      };
    },
    seen() {
      if (reason !== null && NOT_REACHED.includes(reason.code) && policy.state !== CircuitState.HalfOpen) reset();
    },
    reset,
  };
}

interface Telling {
  /** How long the backend asked to be left alone; null where it did not. */
  askedMs: (context: IHalfOpenAfterBackoffContext) => number | null;
  tell: (ms: number) => void;
}

/** The same steps, or what was asked for instead, each told as it is taken. */
function telling(
  steps: IBackoffFactory<IHalfOpenAfterBackoffContext>,
  { askedMs, tell }: Telling,
): IBackoffFactory<IHalfOpenAfterBackoffContext> {
  return {
    next(context) {
      const step = steps.next(context);
      const duration = askedMs(context) ?? step.duration;
      tell(duration);
      return { duration, ...telling(step, { askedMs, tell }) };
    },
  };
}

export interface Breakers {
  of(id: BackendId): Breaker;
  /** All of them. */
  reset(): void;
}

/** The breakers of all backends, by id: made when first asked for. */
export function createBreakers({ onChange }: { onChange: () => void }): Breakers {
  const breakers = new Map<BackendId, Breaker>();
  return {
    of(id) {
      let breaker = breakers.get(id);
      if (!breaker) breakers.set(id, (breaker = createBreaker({ onChange })));
      return breaker;
    },
    reset() {
      for (const breaker of breakers.values()) breaker.reset();
    },
  };
}

/** Why a resting backend was passed over: when it is asked again, and what it rests for, by its code and its first sentence. */
export function restingInfo(label: string, { untilMs, reason }: Rest): ErrorInfo {
  const seconds = Math.max(1, Math.ceil((untilMs - Date.now()) / 1000));
  const [sentence = reason.message] = /^.*?[.!?](?=\s|$)/s.exec(reason.message) ?? [];
  return errorInfo('backend_resting', { backend: label, seconds, reason: sentence, cause: reason.code });
}
