// Plans one question: who is to be asked, in which line it waits, and who may still be asked when its turn comes.
import type { ErrorInfo } from '../../../contract/errors.ts';
import { errorInfo, HearthError } from '../../errors/index.ts';
import { unlessAborted } from '../../waits/index.ts';
import type { SettingsStore } from '../../settings/index.ts';
import { type Breakers, restingInfo } from './breaker.ts';
import type { CandidateFinder } from './candidates.ts';
import { isBackground } from './preference.ts';
import { isUsable, sameList, whyNot } from './chain.ts';
import type { Health } from '../health/health.ts';
import type { Backend, BackendPlan, Candidate, Choice, Wish } from '../interface.ts';
import { type Registry, UNLISTED } from '../registry.ts';
import { refused } from './refusal.ts';

export interface PlannerOptions {
  settings: Pick<SettingsStore, 'get'>;
  registry: Registry;
  health: Health;
  breakers: Breakers;
  finder: CandidateFinder;
}

export interface Planner {
  /** See `Backends.plan`. */
  plan: (wish: Wish, signal: AbortSignal) => Promise<BackendPlan>;
  /** Why a backend may not be asked at all: it was switched off or removed since it was chosen. */
  whyNever: (backend: Backend) => ErrorInfo | null;
  /** Why another one is asked rather than this one: it is known not to be well. */
  whyNotNow: (backend: Backend) => ErrorInfo | null;
}

export function createPlanner({ settings, registry, health, breakers, finder }: PlannerOptions): Planner {
  async function plan(wish: Wish, signal: AbortSignal): Promise<BackendPlan> {
    const { purpose = 'chat' } = wish;
    const asked = settings.get();
    const list = registry.list();
    // As by a check: who asks again wants to know whether it works now, not that it did not a moment ago.
    if (wish.isRetry) breakers.reset();
    const choice = await unlessAborted(finder.find(wish, asked), signal);
    const [first] = choice.candidates;
    if (!first) throw refused(choice.skipped);
    const { backend, model } = queuesAt(choice) ?? first;
    return {
      candidates: choice.candidates.map((one) => one.backend),
      skipped: choice.skipped,
      model,
      lane: backend.lane,
      concurrency: backend.concurrency,
      purpose,
      isBackground: isBackground(purpose),
      async choiceNow() {
        if (sameList(list, registry.list())) return choice;
        const anew = await unlessAborted(finder.find(wish, asked), signal).catch((error: unknown) => {
          // A name that was in the list is no wrong address now.
          const isGone = error instanceof HearthError && error.code === 'backend_url_invalid';
          throw isGone ? new HearthError('backend_removed', { backend: backend.label }) : error;
        });
        if (anew.candidates.length === 0) throw refused(anew.skipped);
        return anew;
      },
    };
  }

  /** The candidate that a question would go to now. */
  function queuesAt({ candidates }: Choice): Candidate | undefined {
    return candidates.find(({ backend }) => breakers.of(backend.id).rest() === null);
  }

  /** Off or gone since it was chosen. What was named by its URL is in no list, and the demo by name is always there. */
  function whyNever({ id, label, kind }: Backend): ErrorInfo | null {
    const listed = registry.get(id);
    if (kind === 'demo' || id === UNLISTED) return null;
    if (listed === null) return errorInfo('backend_removed', { backend: label });
    return listed.isOn ? null : errorInfo('backend_off', { backend: label });
  }

  function whyNotNow(backend: Backend): ErrorInfo | null {
    if (health.isKnown(backend) && !isUsable(health.get(backend), backend)) return whyNot(health.get(backend), backend);
    const rest = breakers.of(backend.id).rest();
    return rest === null ? null : restingInfo(backend.label, rest);
  }

  return { plan, whyNever, whyNotNow };
}
