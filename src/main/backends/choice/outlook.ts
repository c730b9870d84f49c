// What would become of a question that is asked now: its way to a backend, followed up to where that would be asked.
import type { Outlook } from '../../../contract/backends.ts';
import type { AnswerSource } from '../../../contract/conversations.ts';
import { HearthError, toErrorInfo } from '../../errors/index.ts';
import { isSameModel } from '../../ollama/index.ts';
import type { Backend, BackendHealth, BackendPlan, RunEvent } from '../interface.ts';

export interface OutlookOptions {
  plan: () => Promise<BackendPlan>;
  /** Left at its first word, which says who is asked and comes before asking. */
  run: (plan: BackendPlan) => AsyncIterable<RunEvent>;
  healthOf: (backend: Backend) => BackendHealth;
  signal: AbortSignal;
}

/** Rejects only when the signal aborts. */
export async function outlookOf({ plan, run, healthOf, signal }: OutlookOptions): Promise<Outlook> {
  try {
    const planned = await plan();
    for await (const event of run(planned)) {
      if (event.type !== 'source') continue;
      const { source } = event;
      const asked = planned.candidates.find(({ kind, label }) => kind === source.kind && label === source.label);
      const health = asked === undefined ? null : healthOf(asked);
      if (health !== null) requireModel(source, health);
      return { type: 'asks', source, isAsleep: health?.state === 'asleep' || health?.state === 'starting' };
    }
    throw new HearthError('internal');
  } catch (error) {
    signal.throwIfAborted();
    return { type: 'fails', problem: toErrorInfo(error) };
  }
}

/** An Ollama has what it lists and nothing else; other servers take names that they do not list. */
function requireModel({ kind, label, model }: AnswerSource, { models }: BackendHealth): void {
  if (kind !== 'ollama' || model === null || models.length === 0) return;
  const names = models.map(({ name }) => name);
  if (names.some((name) => isSameModel(name, model))) return;
  throw new HearthError('model_not_found', { backend: label, model, installed: names.join(', ') });
}
