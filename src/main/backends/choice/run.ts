// Asks the candidates of a question in turn until one gives its first token.
import type { AnswerSource } from '../../../contract/conversations.ts';
import type { ErrorInfo } from '../../../contract/errors.ts';
import { HearthError, toErrorInfo } from '../../errors/index.ts';
import type { Attempt } from './breaker.ts';
import { refused, toldOf } from './refusal.ts';
import type { RunLog } from './run-log.ts';
import { asMemoryShort } from '../memory-refusal.ts';
import type { Backend, BackendPlan, Candidate, ChatEvent, ChatRequest, RunEvent } from '../interface.ts';
import { mayDemoAnswer } from './stand-in.ts';
import { createSubstance } from './substance.ts';

export interface RunOptions {
  signal: AbortSignal;
  /** Why a backend may not be asked at all: it was switched off or removed since it was chosen. */
  whyNever: (backend: Backend) => ErrorInfo | null;
  /** Why another one is asked rather than this one: it is known not to be well. Without another one it is asked. */
  whyNotNow: (backend: Backend) => ErrorInfo | null;
  begin: (backend: Backend) => Attempt;
  /** Asks one backend; see families/ask.ts. */
  chat: (backend: Backend, request: ChatRequest) => AsyncIterable<ChatEvent>;
  /** Told of every candidate that failed before its first token and made way for the next. */
  onSkipped: (backend: Backend, reason: ErrorInfo) => void;
  /** Told of the candidate that gave its first token. */
  onFirstToken: (backend: Backend) => void;
  /** Told of the candidate that gave a whole answer. */
  onAnswer: (backend: Backend) => void;
  /** Told how it goes, for the log. */
  log: RunLog;
}

/** One that was asked and failed before its first token. */
interface Failure {
  candidate: Candidate;
  error: unknown;
  reason: ErrorInfo;
  /** Where it stands among those passed over. */
  place: number;
}

/** See `Backends.run`. */
export async function* runPlan(
  plan: Pick<BackendPlan, 'choiceNow'>,
  request: Omit<ChatRequest, 'model'>,
  options: RunOptions,
): AsyncIterable<RunEvent> {
  const { signal, whyNever, whyNotNow, log } = options;
  /** Whose failure is the answer; null while that is who was asked last. */
  let failedAt: AnswerSource | null = null;
  try {
    const choice = await plan.choiceNow();
    const candidates = request.goesOn ? choice.candidates.filter(mayGoOn) : choice.candidates;
    const skipped = [...choice.skipped];
    for (const one of skipped) log.passedOver(one, one.reason);
    const skip = ({ kind, label }: Backend, reason: ErrorInfo) => void skipped.push({ kind, label, reason });
    const mayBeAsked = ({ backend }: Candidate) => whyNever(backend) === null;
    /** The demo counts as well only where it may answer whatever the others fail with. */
    const isWell = ({ backend }: Candidate) =>
      whyNotNow(backend) === null && (backend.kind !== 'demo' || choice.demo === 'always');
    /** It said how long it wants to be left alone, and the chat was told that it is. */
    const hasAskedToWait = (one: Candidate) => whyNotNow(one.backend)?.params.cause === 'backend_wait';
    /** Where none is well, the first is asked rather than nobody. Looked for only when one is not. */
    const lastHope = once(() => {
      const isAnyWell = candidates.some((one) => isWell(one) && mayBeAsked(one));
      const first = candidates.find(mayBeAsked);
      return isAnyWell || first === undefined || hasAskedToWait(first) ? undefined : first;
    });
    const failures: Failure[] = [];
    for (const candidate of candidates) {
      const { backend } = candidate;
      const never = whyNever(backend);
      const refusal = never ?? whyNotNow(backend);
      if (backend.kind === 'demo' && !mayDemoAnswer(choice.demo, skipped.map(reasonOf))) continue;
      if (refusal !== null && (never !== null || candidate !== lastHope())) {
        skip(backend, refusal);
        log.passedOver(backend, refusal);
        continue;
      }
      try {
        yield* askOne(candidate, skipped, request, options);
        return;
      } catch (error) {
        if (signal.aborted || !(error instanceof MadeWay)) throw error;
        const reason = toErrorInfo(error.cause);
        skip(backend, reason);
        failures.push({ candidate, error: error.cause, reason, place: skipped.length - 1 });
        log.madeWay(reason);
        options.onSkipped(backend, reason);
      }
    }
    const told = toldOf(failures);
    if (told === undefined) throw refused(skipped, failures.at(-1)?.error);
    // The answer is that engine's failure: it stands there as its source, the others as passed over.
    const { backend, model } = told.candidate;
    failedAt = sourceOf(backend, model, skipped.toSpliced(told.place, 1));
    if (failedAt.skipped.length > 0) yield { type: 'source', source: failedAt };
    throw told.error;
  } catch (error) {
    log.failed(signal.aborted ? new HearthError('cancelled', {}, { cause: error }) : error, failedAt);
    throw error;
  }
}

/** The demo and a query service are told nothing of the answer so far: theirs would be another one. */
function mayGoOn({ backend }: Candidate): boolean {
  return backend.kind !== 'demo' && backend.kind !== 'query';
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

const reasonOf = ({ reason }: AnswerSource['skipped'][number]) => reason;

/** A failure before the first token that another backend may make good; `cause` tells which. */
class MadeWay extends Error {}

async function* askOne(
  { backend, model: wished }: Candidate,
  skipped: AnswerSource['skipped'],
  request: Omit<ChatRequest, 'model'>,
  { signal, begin, chat, onFirstToken, onAnswer, log }: RunOptions,
): AsyncIterable<RunEvent> {
  let source = sourceOf(backend, wished, skipped);
  let hasSpoken = false;
  log.asked(source);
  yield { type: 'source', source };
  const attempt = begin(backend);
  const substance = createSubstance((request.tools ?? []).length > 0);
  try {
    for await (const event of chat(backend, { ...request, model: wished })) {
      if (!hasSpoken && event.type !== 'loading' && event.type !== 'reading') {
        hasSpoken = true;
        onFirstToken(backend);
        await attempt.answered();
        // A server that had to be started has another address than the one that was looked for, and a model.
        const actual = sourceOf(backend, wished, skipped);
        if (actual.url !== source.url || actual.model !== source.model)
          yield { type: 'source', source: (source = actual) };
      }
      substance.take(event);
      if (event.type === 'done') {
        // It is this model's answer: no other one is asked for it, and nobody rests.
        // Nothing more to say is the end of an answer that goes on.
        const missing = request.goesOn ? null : substance.missing(event, { ...source, backend: source.label });
        if (missing !== null) throw missing;
        onAnswer(backend);
        log.answered(event);
        yield event;
        return;
      }
      yield event;
    }
    throw new HearthError('stream_cut', { backend: backend.label });
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const error = asMemoryShort(thrown, { backend: backend.label, model: source.model });
    if (hasSpoken) throw withKept(error);
    await attempt.failed(error);
    if (isFinal(error, wished)) throw error;
    throw new MadeWay('', { cause: error });
  } finally {
    attempt.left();
  }
}

/** The sentence says that what had arrived is kept only where something had. */
function withKept(error: unknown): unknown {
  if (!(error instanceof HearthError)) return error;
  const { code, params, detail } = error;
  return new HearthError(
    code,
    { ...params, context: 'kept' },
    { cause: error, ...(detail === undefined ? {} : { detail }) },
  );
}

/** The user chose a model that is not there: an answer from elsewhere would not be what was asked for. */
function isFinal(error: unknown, wished: string | null): boolean {
  if (!(error instanceof HearthError)) return false;
  return error.code === 'cancelled' || (error.code === 'model_not_found' && wished !== null);
}

function sourceOf(backend: Backend, wished: string | null, skipped: AnswerSource['skipped']): AnswerSource {
  const model = backend.modelFor(wished);
  return { kind: backend.kind, label: backend.label, model, ...backend.describe(model), skipped: [...skipped] };
}
