// Whether the onboarding opens by itself: once, for somebody who has asked nothing yet and whom only the demo could answer.
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { Settings } from '../../../contract/settings.ts';
import { getClient, openOnboarding, useNavigation } from '../../lib/index.ts';
import { useChatStore } from '../chat/index.ts';
import { useSettings } from '../settings/index.ts';

export type Verdict = 'unknown' | 'needed' | 'not needed';

/** By what is known so far. `unknown` until the first look at every engine has ended. */
export function judgeStart(settings: Settings | null, backends: BackendsStatus | null): Verdict {
  if (settings === null || backends === null) return 'unknown';
  // Somebody who chose the demo wants the demo.
  if (settings.onboarding.isDone || settings.backend === 'demo') return 'not needed';
  const { chosen } = backends;
  const used = backends.backends.filter(({ state }) => state !== 'off');
  const answering = used.find(({ kind, state }) => kind === chosen.kind && state !== 'unavailable');
  if (answering && chosen.kind !== 'demo' && answering.state !== 'checking') {
    // A server that is still coming up may have no model.
    return answering.state === 'starting' ? 'unknown' : 'not needed';
  }
  const isLooking = backends.isChecking || used.some(({ state }) => state === 'checking' || state === 'starting');
  return isLooking ? 'unknown' : 'needed';
}

/**
 * Waits for the verdict and opens the onboarding where it is needed, unless something was begun meanwhile. Never opens it a
 * second time by itself, and never rejects.
 */
export async function followFirstStart(signal: AbortSignal): Promise<void> {
  const verdict = await settledVerdict(signal);
  if (verdict !== 'needed') return;
  const { app, conversations } = getClient();
  const isNew = await Promise.all([app.status(undefined, { signal }), conversations.list({ limit: 1 }, { signal })])
    // A notice (settings that could not be read) is not for somebody new, and must not be covered.
    .then(([{ notices }, { items }]) => notices.length === 0 && items.length === 0)
    // The sidebar tells what is wrong with the history.
    .catch(() => false);
  if (isNew && !signal.aborted && !hasBegun()) openOnboarding();
}

function settledVerdict(signal: AbortSignal): Promise<Verdict> {
  return new Promise((resolve) => {
    const look = () => {
      const { settings, backends } = useSettings.getState();
      const verdict = judgeStart(settings, backends);
      if (verdict === 'unknown' && !signal.aborted) return;
      unsubscribe();
      signal.removeEventListener('abort', look);
      resolve(signal.aborted ? 'unknown' : verdict);
    };
    const unsubscribe = useSettings.subscribe(look);
    signal.addEventListener('abort', look);
    look();
  });
}

/** Words that were typed, a chat that was opened, a page that was chosen: nothing may take them away. */
function hasBegun(): boolean {
  const { draft, phase, pendingQuestion } = useChatStore.getState();
  const isInChat = useNavigation.getState().place.page === 'chat';
  return !isInChat || draft !== '' || phase !== 'new' || pendingQuestion !== null;
}
