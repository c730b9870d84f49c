// A backend of the list that can't be used as it stands there: it is shown with its reason, and answers nothing.
import type { BackendId } from '../../../contract/ids.ts';
import { toErrorInfo } from '../../errors/index.ts';
import type { Backend } from '../interface.ts';

export function createUnusableBackend({ id, label }: { id: BackendId; label: string }, error: unknown): Backend {
  const where = { url: '', host: null };
  return {
    id,
    kind: 'openai',
    label,
    abilities: [],
    lane: id,
    concurrency: 1,
    look: () =>
      Promise.resolve({
        ...where,
        state: 'unavailable',
        isOwned: false,
        version: null,
        latencyMs: null,
        models: [],
        problem: toErrorInfo(error),
      }),
    models: () => Promise.reject(error),
    modelFor: (requested) => requested,
    describe: () => where,
    // oxlint-disable-next-line require-yield -- it says nothing but why
    async *chat() {
      throw error;
    },
  };
}
