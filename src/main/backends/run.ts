// Asks the candidates of a plan in turn until one gives its first token.
import type { AnswerSource } from '../../contract/conversations.ts';
import type { ErrorInfo } from '../../contract/errors.ts';
import { HearthError, toErrorInfo } from '../errors/index.ts';
import { reasonsText } from './choose.ts';
import type { Backend, BackendPlan, ChatRequest, RunEvent } from './interface.ts';

export interface RunOptions {
  signal: AbortSignal;
  /** Told of every candidate that failed before its first token and made way for the next. */
  onSkipped: (backend: Backend, reason: ErrorInfo) => void;
  /** Told of the candidate that gave a whole answer. */
  onAnswer: (backend: Backend) => void;
}

export async function* runPlan(
  plan: BackendPlan,
  request: Omit<ChatRequest, 'model'>,
  { signal, onSkipped, onAnswer }: RunOptions,
): AsyncIterable<RunEvent> {
  const skipped = [...plan.skipped];
  for (const [index, backend] of plan.candidates.entries()) {
    // Only the first candidate is asked for the model that was chosen: no other engine knows that name.
    const wished = index === 0 ? plan.model : null;
    let source = sourceOf(backend, wished, skipped);
    let hasSpoken = false;
    yield { type: 'source', source };
    try {
      for await (const event of backend.chat({ ...request, model: wished }, signal)) {
        if (!hasSpoken && event.type !== 'loading') {
          hasSpoken = true;
          // A server that had to be started has another address than the one that was looked for, and a model.
          const actual = sourceOf(backend, wished, skipped);
          if (actual.url !== source.url || actual.model !== source.model)
            yield { type: 'source', source: (source = actual) };
        }
        if (event.type === 'done') onAnswer(backend);
        yield event;
        if (event.type === 'done') return;
      }
      throw new HearthError('stream_cut', { backend: backend.label });
    } catch (error) {
      if (signal.aborted || hasSpoken || isFinal(error, wished)) throw error;
      const reason = toErrorInfo(error);
      skipped.push({ kind: backend.kind, label: backend.label, reason });
      onSkipped(backend, reason);
      const isLast = index === plan.candidates.length - 1;
      if (isLast && plan.candidates.length === 1) throw error;
      if (isLast) throw new HearthError('no_backend', { reasons: reasonsText(skipped) }, { cause: error });
    }
  }
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
