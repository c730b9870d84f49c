// The procedures about what Hearth remembers of the user.
import type { Services } from '../services.ts';
import { asDefinedError, type Implementer } from './implementer.ts';
import { watchLatest } from './watch.ts';

export function factRoutes(os: Implementer, services: Pick<Services, 'history' | 'log'>) {
  const facts = async () => (await services.history()).insights.facts;
  return {
    facts: {
      watch: os.facts.watch.handler(async function* ({ signal }) {
        try {
          const { insights, lost } = await services.history();
          const source = insights.facts;
          // A window asks anew when this ends, and gets the facts of the history that was opened again.
          const ends = signal === undefined ? lost : AbortSignal.any([signal, lost]);
          yield* watchLatest({ source, current: () => source.status(), signal: ends });
        } catch (error) {
          throw asDefinedError(error, services.log);
        }
      }),
      add: os.facts.add.handler(async ({ input }) => (await facts()).add(input.text)),
      edit: os.facts.edit.handler(async ({ input }) => (await facts()).edit(input)),
      remove: os.facts.remove.handler(async ({ input }) => {
        await (await facts()).remove(input.id);
        return {};
      }),
      undoRemove: os.facts.undoRemove.handler(async ({ input }) => (await facts()).undoRemove(input.id)),
    },
  };
}
